import { WebSocket } from "ws";
import { GatewayError } from "../../../src/core/errors.js";
import { type ConnectionListener, largestMessage, type StreamConnection } from "./connection.js";
import { closeFailure, failureOf, loss, type StreamFailure, statusFailure } from "./failure.js";
import type { StreamSource } from "./source.js";

const pingAfter = 15_000;
const pongTimeout = 10_000;
const closeTimeout = 1000;
const largestBacklog = 64 * 1024;
const lostSentence = "The WebSocket closed before this left; it may have happened.";

/** One WebSocket (RFC 6455). */
export class WebSocketConnection implements StreamConnection {
  readonly #socket: WebSocket;
  readonly #closed: Promise<void>;
  #watch: NodeJS.Timeout | undefined;
  #isClosing = false;
  #failure: StreamFailure | undefined;

  /** Begins to connect. */
  constructor({ url, headers, protocols, send }: StreamSource, listener: ConnectionListener) {
    this.#socket = new WebSocket(url, [...protocols], {
      headers,
      maxPayload: largestMessage,
      // What is small on the wire must not be huge here.
      perMessageDeflate: false,
      // One message in each turn of the event loop: who floods us must not keep others waiting.
      allowSynchronousEvents: false,
    });
    this.#socket.on("open", () => {
      for (const text of send) this.#socket.send(text);
      this.#onLife();
      listener.onOpen();
    });
    this.#socket.on("message", (data: Buffer) => {
      if (this.#isClosing) return;
      this.#onLife();
      listener.onHeard();
      listener.onMessage({ bytes: data });
    });
    this.#socket.on("ping", () => this.#onLife());
    this.#socket.on("pong", () => this.#onLife());
    this.#socket.on("unexpected-response", (_request, { statusCode = 0, headers }) => {
      this.#fail(statusFailure(statusCode, headers));
    });
    this.#socket.on("error", (error) => this.#fail(failureOf(error)));
    this.#closed = new Promise((resolve) => {
      this.#socket.on("close", (code, reason) => {
        clearTimeout(this.#watch);
        resolve();
        if (!this.#isClosing) listener.onEnd(this.#failure ?? closeFailure(code, reason.toString()));
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#socket.terminate(), closeTimeout);
    this.#socket.close(1000);
    await this.#closed;
  }

  async send(text: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GatewayError("adapter-failed", "It was cancelled before it left.");
    if (this.#socket.readyState !== WebSocket.OPEN) {
      throw new GatewayError("device-offline", "The WebSocket is not open.");
    }
    if (this.#socket.bufferedAmount > largestBacklog) {
      throw new GatewayError("adapter-failed", "The peer does not read what it is sent.");
    }
    let onAbort = () => {};
    const left = new Promise<void>((resolve, reject) => {
      onAbort = () => {
        // What still waits in this process leaves later unless the connection ends.
        this.#fail(loss("it stopped reading"));
        reject(new GatewayError("adapter-failed", lostSentence));
      };
      this.#socket.send(text, (error) => {
        if (error === undefined || error === null) resolve();
        else reject(new GatewayError("adapter-failed", lostSentence, { cause: error }));
      });
    });
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await left;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** A peer that is gone without a word is noticed by a ping that it does not answer. */
  #onLife(): void {
    if (this.#isClosing) return;
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#socket.ping();
      this.#watch = setTimeout(() => this.#fail(loss("it does not answer any more")), pongTimeout);
    }, pingAfter);
  }

  #fail(failure: StreamFailure): void {
    this.#failure ??= failure;
    this.#socket.terminate();
  }
}
