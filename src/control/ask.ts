import { connect } from "node:net";
import { GatewayError } from "../core/errors.js";
import type { Answers, Reply } from "./answers.js";
import { type ControlRequest, protocolVersion } from "./requests.js";
import { socketPath } from "./socket-path.js";

const answerWithin = 5000;

/** No socket, one whose gateway died, or a path that leads through a file. */
const nobodyThere: ReadonlySet<string> = new Set(["ENOENT", "ECONNREFUSED", "ENOTDIR"]);

/** Whose answer takes as long as a device takes. */
const unhurried: ReadonlySet<ControlRequest["do"]> = new Set(["send"]);

/**
 * Asks the gateway that runs in `dataDir`; `undefined` when none does. Rejects with the gateway's own error, or
 * "adapter-failed" when it gives no answer.
 */
export function ask<Request extends ControlRequest>(
  dataDir: string,
  request: Request,
): Promise<Answers[Request["do"]] | undefined> {
  return askAt(socketPath(dataDir), request);
}

/** The same of the socket at `path`. */
export async function askAt<Request extends ControlRequest>(
  path: string,
  request: Request,
): Promise<Answers[Request["do"]] | undefined> {
  const line = JSON.stringify({ v: protocolVersion, ...request });
  const reply = await exchange(path, line, unhurried.has(request.do) ? undefined : answerWithin);
  if (reply === undefined) return undefined;
  if ("error" in reply) throw new GatewayError(reply.error.code ?? "adapter-failed", reply.error.message);
  // Written by this same program on the other end of a socket that only its owner can open.
  return reply.result as Answers[Request["do"]];
}

function exchange(path: string, line: string, within: number | undefined): Promise<Reply | undefined> {
  return new Promise((resolve, reject) => {
    const fail = (sentence: string) => reject(new GatewayError("adapter-failed", sentence));
    let answer = "";
    const socket = connect(path, () => socket.write(`${line}\n`));
    socket.setEncoding("utf8");
    const deadline =
      within === undefined
        ? undefined
        : setTimeout(() => {
            fail(`Homeroster did not answer in ${within / 1000} s.`);
            socket.destroy();
          }, within);
    socket.on("close", () => clearTimeout(deadline));
    socket.on("data", (chunk: string) => {
      answer += chunk;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (nobodyThere.has(error.code ?? "")) resolve(undefined);
      else if (error.code === "EACCES")
        fail(`The socket ${path} belongs to another user; run this as the user that runs the gateway.`);
      else fail(`The gateway cannot be asked: ${error.message}.`);
    });
    socket.on("end", () => {
      const reply = readReply(answer);
      if (reply === undefined) fail("Homeroster broke off in the middle of its answer.");
      else resolve(reply);
    });
  });
}

function readReply(answer: string): Reply | undefined {
  if (!answer.endsWith("\n")) return undefined;
  try {
    return JSON.parse(answer) as Reply;
  } catch {
    return undefined;
  }
}
