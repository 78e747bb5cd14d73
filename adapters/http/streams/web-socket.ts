import type { ClientRequestArgs } from "node:http";
import { Socket } from "node:net";
import { WebSocket } from "ws";
import { GatewayError, messageOf } from "../../../src/core/errors.js";
import { openSocket } from "../client/socket.js";
import { Approach } from "./approach.js";
import { type ConnectionListener, largestMessage, type StreamConnection } from "./connection.js";
import { closeFailure, failureOf, loss, nameOf, type StreamFailure, statusFailure } from "./failure.js";
import type { StreamSource } from "./source.js";

const pingAfter = 15_000;
const pongTimeout = 10_000;
const closeTimeout = 1000;
const largestBacklog = 64 * 1024;
const lostSentence = "The WebSocket closed before this left; it may have happened.";

type Ready = (error: Error | null, socket: Socket) => void;

/** One WebSocket (RFC 6455). */
export class WebSocketConnection implements StreamConnection {
  readonly #source: StreamSource;
  readonly #name: string;
  readonly #listener: ConnectionListener;
  #webSocket: WebSocket;
  #socket: Socket | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isClosing = false;
  #failure: StreamFailure | undefined;
  readonly #ended: Promise<void>;
  #onEnded = () => {};

  /** Begins to connect. */
  constructor(source: StreamSource, listener: ConnectionListener) {
    this.#source = source;
    this.#name = nameOf(source);
    this.#listener = listener;
    this.#ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
    this.#webSocket = this.#open(new Approach(source));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#rest();
    this.#patience = setTimeout(() => this.#webSocket.terminate(), closeTimeout);
    this.#webSocket.close(1000);
    if (!this.#isOpen) this.#socket?.destroy();
    await this.#ended;
  }

  async send(text: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GatewayError("adapter-failed", "It was cancelled before it left.");
    if (this.#webSocket.readyState !== WebSocket.OPEN) {
      throw new GatewayError("device-offline", `${this.#name} is not connected.`);
    }
    if (this.#webSocket.bufferedAmount > largestBacklog) {
      throw new GatewayError("adapter-failed", `${this.#name} does not read what it is sent.`);
    }
    let onAbort = () => {};
    const left = new Promise<void>((resolve, reject) => {
      onAbort = () => {
        // What still waits in this process leaves later unless the connection ends.
        this.#fail(loss(this.#name, "stopped reading"));
        reject(new GatewayError("adapter-failed", lostSentence));
      };
      this.#webSocket.send(text, (error) => {
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

  #open(approach: Approach): WebSocket {
    const { url } = approach;
    const webSocket = new WebSocket(url, [...this.#source.protocols], {
      headers: approach.newHeaders(),
      maxPayload: largestMessage,
      // What is small on the wire must not be huge here.
      perMessageDeflate: false,
      // One message in each turn of the event loop: who floods us must not keep others waiting.
      allowSynchronousEvents: false,
      createConnection: (_: ClientRequestArgs, ready: Ready) => this.#connect(url, ready),
    });
    webSocket.on("open", () => this.#onOpen());
    webSocket.on("message", (data: Buffer) => {
      if (this.#isClosing) return;
      this.#onLife();
      this.#listener.onHeard();
      this.#listener.onMessage({ bytes: data });
    });
    webSocket.on("ping", () => this.#onLife());
    webSocket.on("pong", () => this.#onLife());
    let leadsOn = false;
    webSocket.on("unexpected-response", (_request, { statusCode = 0, headers: answered }) => {
      try {
        leadsOn = approach.leadsOn(statusCode, answered);
        if (!leadsOn) this.#failure = statusFailure(this.#name, statusCode, answered);
      } catch (error) {
        this.#failure = failureOf(this.#name, error, false);
      }
      webSocket.terminate();
    });
    webSocket.on("error", (error) => {
      if (!leadsOn) this.#fail(failureOf(this.#name, error, this.#isOpen));
    });
    webSocket.on("close", (code, reason) => {
      if (leadsOn && !this.#isClosing) this.#webSocket = this.#open(approach);
      else this.#onClose(code, reason.toString());
    });
    return webSocket;
  }

  /** Gives the request its socket when that may be used, not before. */
  #connect(url: URL, ready: Ready): undefined {
    try {
      const socket = openSocket(url, this.#source.tls ?? {}, (error) => ready(error ?? null, socket));
      this.#socket = socket;
    } catch (error) {
      ready(error instanceof Error ? error : new Error(messageOf(error)), new Socket());
    }
  }

  #onOpen(): void {
    this.#isOpen = true;
    for (const text of this.#source.send) this.#webSocket.send(text);
    this.#watchLife();
    this.#listener.onOpen();
  }

  #onClose(code: number, reason: string): void {
    this.#rest();
    this.#socket?.destroy();
    this.#onEnded();
    if (!this.#isClosing) this.#listener.onEnd(this.#failure ?? closeFailure(this.#name, code, reason));
  }

  /** A peer that is gone without a word is noticed by a ping that it does not answer. */
  #watchLife(): void {
    this.#quiet = setTimeout(() => {
      this.#webSocket.ping();
      this.#patience = setTimeout(
        () => this.#fail(loss(this.#name, "does not answer any more")),
        pongTimeout,
      );
    }, pingAfter);
  }

  #onLife(): void {
    if (this.#isClosing) return;
    clearTimeout(this.#patience);
    this.#quiet?.refresh();
  }

  #rest(): void {
    clearTimeout(this.#quiet);
    clearTimeout(this.#patience);
  }

  #fail(failure: StreamFailure): void {
    this.#failure ??= failure;
    this.#webSocket.terminate();
  }
}
