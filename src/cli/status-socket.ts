import { rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join, relative, resolve } from "node:path";
import { GatewayError } from "../core/errors.js";
import type { StatusDocument } from "./status-document.js";

// sun_path of the smallest system that is supported, without its final zero.
const longestPath = 103;
const answerWithin = 5000;

/**
 * The status of the one gateway of a data directory: whoever holds the socket is it. Answers each connection with the
 * status as JSON, and closes it.
 */
export class StatusSocket {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Rejects with "busy" when another gateway has the directory. A socket whose gateway died is replaced. */
  static async open(dataDir: string, status: () => StatusDocument): Promise<StatusSocket> {
    const path = socketPath(dataDir);
    const server = (await listen(path, status)) ?? (await replaceDead(path, status));
    if (server !== undefined) return new StatusSocket(server);
    const pid = (await ask(path))?.pid ?? "unknown";
    throw new GatewayError("busy", `Homeroster is already running in ${dataDir} (pid ${pid}).`);
  }

  /** Frees the data directory. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** The status of the gateway that runs in `dataDir`; `undefined` when none does. Rejects when it does not answer. */
export function askStatus(dataDir: string): Promise<StatusDocument | undefined> {
  return ask(socketPath(dataDir));
}

/** Beside the working directory the short way round, for the system bounds the length of such paths. */
function socketPath(dataDir: string): string {
  const absolute = join(resolve(dataDir), "homeroster.sock");
  const [path = absolute] = [absolute, relative(process.cwd(), absolute)].sort((a, b) => a.length - b.length);
  const bytes = Buffer.byteLength(`${path}.${process.pid}`);
  if (bytes <= longestPath) return path;
  throw new GatewayError(
    "config-invalid",
    `The path ${absolute} is too long for a socket (${bytes} bytes; ${longestPath} are allowed); choose a shorter data directory with --data.`,
  );
}

/** `undefined` when there is a socket already. */
function listen(path: string, status: () => StatusDocument): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.setTimeout(1000, () => socket.destroy());
    socket.end(JSON.stringify(status()));
  });
  return new Promise((resolve, reject) => {
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server));
  });
}

/** `undefined` when the socket at `path` is alive. */
async function replaceDead(path: string, status: () => StatusDocument): Promise<Server | undefined> {
  if ((await ask(path)) !== undefined) return undefined;
  // Of several that find it dead, the one that moves it may replace it; what was moved may be another's new one.
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  if ((await ask(aside)) === undefined) await rm(aside, { force: true });
  else await rename(aside, path);
  return listen(path, status);
}

function ask(path: string): Promise<StatusDocument | undefined> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(path);
    socket.setEncoding("utf8");
    const deadline = setTimeout(() => {
      socket.destroy(
        new GatewayError("adapter-failed", `Homeroster did not answer in ${answerWithin / 1000} s.`),
      );
    }, answerWithin);
    socket.on("close", () => clearTimeout(deadline));
    socket.on("data", (chunk: string) => {
      answer += chunk;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
    socket.on("end", () => {
      try {
        resolve(readStatus(answer));
      } catch {
        reject(new GatewayError("adapter-failed", "Homeroster broke off in the middle of its answer."));
      }
    });
  });
}

function readStatus(answer: string): StatusDocument | undefined {
  // Written by this same program on the other end of a socket that only its owner can open.
  return answer === "" ? undefined : (JSON.parse(answer) as StatusDocument);
}
