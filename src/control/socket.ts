import { rename, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { GatewayError, messageOf } from "../core/errors.js";
import type { Reply } from "./answers.js";
import { askAt } from "./ask.js";
import { type ControlRequest, parseRequest, protocolVersion } from "./requests.js";
import { socketPath } from "./socket-path.js";

const longestRequest = 256 * 1024;
const requestWithin = 2000;
const mostConnections = 32;
/** How long a stop waits for answers that nobody fetches. */
const closeWithin = 1000;

/** Answers one request; what it throws is told to who asked. */
export type Answerer = (request: ControlRequest) => unknown;

/**
 * The control socket of the one gateway of a data directory: whoever holds it is that gateway. One connection carries one
 * request and its answer, a line of JSON each. Who can open it owns the data directory, and with it the house.
 */
export class ControlSocket {
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor({ server, sockets }: Listening) {
    this.#server = server;
    this.#sockets = sockets;
  }

  /** Rejects with "busy" when another gateway has the directory. A socket whose gateway died is replaced. */
  static async open(dataDir: string, answer: Answerer): Promise<ControlSocket> {
    const path = socketPath(dataDir);
    const listening = (await listen(path, answer)) ?? (await replaceDead(path, answer));
    if (listening !== undefined) return new ControlSocket(listening);
    const pid = (await askAt(path, { do: "status" }))?.pid ?? "unknown";
    throw new GatewayError("busy", `Homeroster is already running in ${dataDir} (pid ${pid}).`);
  }

  /** Frees the data directory, once the answers that are under way are given. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, closeWithin);
      this.#server.close(() => {
        clearTimeout(deadline);
        resolve();
      });
    });
  }
}

interface Listening {
  readonly server: Server;
  readonly sockets: ReadonlySet<Socket>;
}

/** `undefined` when there is a socket already. */
function listen(path: string, answer: Answerer): Promise<Listening | undefined> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, answer);
  });
  server.maxConnections = mostConnections;
  return new Promise((resolve, reject) => {
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve({ server, sockets }));
  });
}

function serve(socket: Socket, answer: Answerer): void {
  let received = "";
  const onData = (chunk: string) => {
    received += chunk;
    const end = received.indexOf("\n");
    if (end === -1 && received.length <= longestRequest) return;
    socket.off("data", onData).resume().setTimeout(0);
    const reply =
      end === -1 || end > longestRequest
        ? Promise.resolve(failure(new GatewayError("value-invalid", "The request is too long.")))
        : replyTo(received.slice(0, end), answer);
    reply.then((told) => socket.end(`${JSON.stringify(told)}\n`));
  };
  socket.setEncoding("utf8").on("data", onData);
  socket.on("error", () => socket.destroy());
  // Who hangs up before the request is whole wants nothing.
  socket.on("end", () => {
    if (socket.listeners("data").includes(onData)) socket.destroy();
  });
  socket.setTimeout(requestWithin, () => socket.destroy());
}

async function replyTo(line: string, answer: Answerer): Promise<Reply> {
  try {
    return { v: protocolVersion, result: await answer(parseRequest(line)) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Reply {
  const code = error instanceof GatewayError ? error.code : undefined;
  return { v: protocolVersion, error: { code, message: messageOf(error) } };
}

/** `undefined` when the socket at `path` is alive. */
async function replaceDead(path: string, answer: Answerer): Promise<Listening | undefined> {
  if (await isAlive(path)) return undefined;
  // Of several that find it dead, the one that moves it may replace it; what was moved may be another's new one.
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  if (await isAlive(aside)) await rename(aside, path);
  else await rm(aside, { force: true });
  return listen(path, answer);
}

async function isAlive(path: string): Promise<boolean> {
  return (await askAt(path, { do: "status" })) !== undefined;
}
