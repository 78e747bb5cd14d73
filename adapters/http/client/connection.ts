import type { Socket } from "node:net";
import { Client, errors } from "undici";
import { messageOf } from "../../../src/core/errors.js";
import { connectionFaultOf } from "../../../src/core/unreachable.js";
import { HttpFailure, type HttpFailureKind, shown } from "./failure.js";
import { Distrusted, openSocket } from "./socket.js";
import type { Tls } from "./tls.js";

/** What goes over the wire: one request, ready to be written. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** The most bytes that the body of the answer may have. */
  readonly limit: number;
}

/** What came back, still encoded. A body belongs to 2xx only. */
export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Why an exchange is broken off: the reason of the signal that does it. */
export interface BreakOff {
  readonly kind: HttpFailureKind;
  /** What a person reads after the URL. */
  readonly text: string;
}

/** A kept connection was closed before the answer began: likely it was closed all along. */
export class StaleConnection extends HttpFailure {}

/** One connection to an origin: opened when it is needed, kept for a while for the next exchange, opened anew after a loss. */
export class Connection {
  readonly #origin: URL;
  readonly #tls: Tls;
  #client: Client;
  #socket: Socket | undefined;
  /** Answers that came over the present socket. */
  #answers = 0;

  constructor(origin: URL, tls: Tls) {
    this.#origin = new URL(origin.origin);
    this.#tls = tls;
    this.#client = this.#newClient();
  }

  /** One exchange at a time. `signal` must not have been aborted; its reason is a `BreakOff`. Rejects with an `HttpFailure`. */
  exchange(outgoing: Outgoing, signal: AbortSignal): Promise<Incoming> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      let isSent = false;
      let isReused = false;
      let isOver = false;
      let head: Omit<Incoming, "body"> | undefined;

      const over = (): boolean => {
        const wasOver = isOver;
        isOver = true;
        signal.removeEventListener("abort", onAbort);
        return wasOver;
      };
      const finish = () => {
        if (over() || head === undefined) return;
        this.#answers += 1;
        resolve({ ...head, body: Buffer.concat(chunks) });
      };
      const fail = (kind: HttpFailureKind, text: string, cause?: unknown) => {
        // A refusal needs no body to be one.
        if (head !== undefined && !isGood(head.status)) return finish();
        if (over()) return;
        const isStale = isReused && head === undefined && kind === "broken";
        const message = `${shown(outgoing.url)} ${text}`;
        const details = { mayHaveHappened: isSent, cause };
        reject(
          isStale ? new StaleConnection(kind, message, details) : new HttpFailure(kind, message, details),
        );
      };
      const breakOff = ({ kind, text }: BreakOff) => {
        fail(kind, text);
        void this.close();
      };
      const onAbort = () => breakOff(signal.reason);
      signal.addEventListener("abort", onAbort);

      const { method, url, headers, body = null, limit } = outgoing;
      const tooLarge: BreakOff = { kind: "too-large", text: `answered with more than ${limit} bytes` };
      const handler = {
        onRequestStart: () => {
          isSent = true;
          isReused = this.#answers > 0;
        },
        onResponseStart: (_: unknown, status: number, received: IncomingHeaders) => {
          if (status < 200 || isOver) return;
          head = { status, headers: joined(received) };
          const announced = method === "HEAD" ? 0 : Number(head.headers["content-length"] ?? 0);
          if (announced > limit) breakOff(tooLarge);
        },
        onResponseData: (_: unknown, chunk: Buffer) => {
          if (isOver) return;
          size += chunk.length;
          if (size > limit) return breakOff(tooLarge);
          if (head !== undefined && isGood(head.status)) chunks.push(chunk);
        },
        onResponseEnd: finish,
        onResponseError: (_: unknown, error: Error) => {
          const { kind, text } = faultOf(error, isSent, head !== undefined);
          fail(kind, text, error);
        },
      };
      this.#client.dispatch({ method, path: `${url.pathname}${url.search}`, headers, body }, handler);
    });
  }

  /** Cuts the connection, also one that is being opened. The next exchange opens another. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = this.#newClient();
    this.#socket?.destroy();
    this.#socket = undefined;
    await client.destroy();
  }

  #newClient(): Client {
    return new Client(this.#origin, {
      // The deadline of the whole exchange is the caller's.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_, callback) => {
        try {
          const socket = openSocket(this.#origin, this.#tls, (error) => {
            if (error === undefined) callback(null, socket);
            else callback(error, null);
          });
          this.#socket = socket;
          this.#answers = 0;
        } catch (error) {
          callback(error instanceof Error ? error : new Error(messageOf(error)), null);
        }
      },
    });
  }
}

type IncomingHeaders = Record<string, string | string[] | undefined>;

function joined(headers: IncomingHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

export function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** What a person reads after the URL. */
function faultOf(error: Error, isSent: boolean, hasAnswered: boolean): BreakOff {
  if (error instanceof Distrusted) return { kind: "tls", text: `is not trusted: ${error.message}` };
  if (error instanceof errors.InvalidArgumentError)
    return { kind: "broken", text: `cannot be asked: ${error.message}` };
  const fault = connectionFaultOf(error);
  if (fault?.isTls === true) return { kind: "tls", text: `cannot be asked: ${fault.text}` };
  if (!isSent) return { kind: "unreachable", text: `cannot be reached: ${fault?.text ?? error.message}` };
  if (error instanceof errors.HeadersOverflowError)
    return { kind: "too-large", text: "answered with too many headers" };
  if (error.name === "HTTPParserError")
    return { kind: "broken", text: `did not answer in HTTP: ${error.message}` };
  return {
    kind: "broken",
    text: hasAnswered
      ? "ended the connection in the middle of its answer"
      : "ended the connection without an answer",
  };
}
