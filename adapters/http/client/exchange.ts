import { type Dispatcher, errors } from "undici";
import { connectionFaultOf } from "../../../src/core/unreachable.js";
import { HttpFailure, type HttpFailureKind, shown } from "./failure.js";
import { Distrusted } from "./socket.js";

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

/** One request and its answer as they go over a connection: undici tells what happens, and hears when it is to end. */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Rejects with an `HttpFailure`. */
  readonly incoming: Promise<Incoming>;
  readonly #outgoing: Outgoing;
  readonly #isReused: () => boolean;
  readonly #onBrokenOff: () => void;
  readonly #resolve: (incoming: Incoming) => void;
  readonly #reject: (failure: HttpFailure) => void;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #isSent = false;
  #isStale = false;
  #isOver = false;
  #head: Omit<Incoming, "body"> | undefined;

  constructor(parts: {
    readonly outgoing: Outgoing;
    /** Whether an exchange ended well on the connection that this one takes. */
    readonly isReused: () => boolean;
    /** The connection is of no use any more. */
    readonly onBrokenOff: () => void;
  }) {
    this.#outgoing = parts.outgoing;
    this.#isReused = parts.isReused;
    this.#onBrokenOff = parts.onBrokenOff;
    let resolve: (incoming: Incoming) => void = () => {};
    let reject: (failure: HttpFailure) => void = () => {};
    this.incoming = new Promise((...settle) => {
      [resolve, reject] = settle;
    });
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Ends it here and now, together with its connection. */
  breakOff({ kind, text }: BreakOff): void {
    if (this.#isOver) return;
    this.#fail(kind, text);
    this.#onBrokenOff();
  }

  onRequestStart(): void {
    this.#isSent = true;
    this.#isStale = this.#isReused();
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHeaders): void {
    if (status < 200 || this.#isOver) return;
    this.#head = { status, headers: joined(headers) };
    const announced = this.#outgoing.method === "HEAD" ? 0 : Number(headers["content-length"] ?? 0);
    if (announced > this.#outgoing.limit) this.#breakOffTooLarge();
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#size += chunk.length;
    if (this.#size > this.#outgoing.limit) this.#breakOffTooLarge();
    else if (this.#head !== undefined && isGood(this.#head.status)) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver || this.#head === undefined) return;
    this.#isOver = true;
    this.#resolve({ ...this.#head, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_: unknown, error: Error): void {
    const { kind, text } = faultOf(error, this.#isSent, this.#head !== undefined);
    this.#fail(kind, text, error);
  }

  #breakOffTooLarge(): void {
    this.breakOff({ kind: "too-large", text: `answered with more than ${this.#outgoing.limit} bytes` });
  }

  #fail(kind: HttpFailureKind, text: string, cause?: unknown): void {
    // A refusal needs no body to be one.
    if (this.#head !== undefined && !isGood(this.#head.status)) this.onResponseEnd();
    if (this.#isOver) return;
    this.#isOver = true;
    const isStale = this.#isStale && this.#head === undefined && kind === "broken";
    const Failure = isStale ? StaleConnection : HttpFailure;
    this.#reject(
      new Failure(kind, `${shown(this.#outgoing.url)} ${text}`, { mayHaveHappened: this.#isSent, cause }),
    );
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
