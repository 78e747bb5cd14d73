import type { LinkState } from "../../../src/core/adapter.js";
import { retryDelay } from "../../../src/core/backoff.js";
import { GatewayError } from "../../../src/core/errors.js";
import type { Log } from "../../../src/core/log.js";
import { RateGate } from "../../../src/core/rate-gate.js";
import { Payload } from "../../payload/payload.js";
import type { ConnectionListener, StreamConnection } from "./connection.js";
import { failureOf, loss, nameOf, type StreamFailure } from "./failure.js";
import type { StreamSource } from "./source.js";
import { SseConnection } from "./sse.js";
import { WebSocketConnection } from "./web-socket.js";

/** Milliseconds after which a connection counts as having worked. */
const settledAfter = 30_000;
const openTimeout = 10_000;
const lost = { first: 1000, longest: 60_000 };
const refused = { first: 30_000, longest: 300_000 };
/** How far a server's `retry:` is heeded. */
const shortestRetry = 1000;
const longestRetry = 300_000;

export interface StreamListener {
  /**
   * `connecting` with a detail: a connection that had worked was lost, and the first attempt to replace it is under way.
   * `offline` and `isRefusal`: the peer is there and does not want us, which somebody has to put right.
   */
  onState(state: LinkState, detail: string, isRefusal: boolean): void;
  /** `eventName` is `message` where an event stream gives none; a WebSocket has no names. */
  onMessage(payload: Payload, eventName: string | undefined): void;
}

/** The way to one source of messages: connects, and does so again after each loss until `stop`. */
export class EventStream {
  readonly #source: StreamSource;
  readonly #name: string;
  readonly #listener: StreamListener;
  readonly #log: Log;
  readonly #gate = new RateGate();
  #connection: StreamConnection | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Runs out when the peer takes too long to open, or to say anything. */
  #patience: NodeJS.Timeout | undefined;
  #attempts = 0;
  #openSince: number | undefined;
  #lastEventId: string | undefined;
  #wantedRetry: number | undefined;
  #hasSpoken = false;
  #told = "";

  constructor(source: StreamSource, listener: StreamListener, log: Log) {
    this.#source = source;
    this.#name = nameOf(source);
    this.#listener = listener;
    this.#log = log;
  }

  start(): void {
    if (this.#connection !== undefined || this.#retry !== undefined) return;
    this.#tell("connecting", "", false);
    this.#connect();
  }

  /** Resolves when the connection is gone; nothing is told any more. */
  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    clearTimeout(this.#patience);
    this.#retry = undefined;
    this.#openSince = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#attempts = 0;
    this.#told = "";
    await connection?.close();
  }

  /** Tells a WebSocket something; resolves when it left this process. Rejects with a `GatewayError`. */
  async send(text: string, signal: AbortSignal): Promise<void> {
    if (this.#openSince === undefined || this.#connection === undefined) {
      throw new GatewayError("device-offline", `${this.#name} is not connected.`);
    }
    if (this.#connection.send === undefined) {
      throw new GatewayError(
        "adapter-failed",
        `${this.#name} cannot be told anything: it only sends events.`,
      );
    }
    await this.#connection.send(text, signal);
  }

  #connect(): void {
    const { silence } = this.#source;
    this.#expect(openTimeout, `opened nothing within ${openTimeout / 1000} s`);
    try {
      this.#connection = openConnection(this.#source, this.#lastEventId, {
        onOpen: () => {
          this.#openSince = performance.now();
          this.#expect(silence, `said nothing for ${(silence ?? 0) / 1000} s`);
          this.#tell("online", "", false);
        },
        onHeard: () => this.#patience?.refresh(),
        onMessage: ({ bytes, event, id }) => {
          this.#hasSpoken = true;
          this.#lastEventId = id ?? this.#lastEventId;
          this.#listener.onMessage(new Payload(bytes), event);
        },
        onDropped: () => this.#onDropped(),
        onRetry: (milliseconds) => {
          this.#wantedRetry = Math.min(Math.max(milliseconds, shortestRetry), longestRetry);
        },
        onEnd: (failure) => this.#onEnd(failure),
      });
    } catch (error) {
      this.#onEnd(failureOf(this.#name, error, false));
    }
  }

  /** Gives the connection up when so many milliseconds pass; `onHeard` starts them anew. */
  #expect(milliseconds: number | undefined, fault: string): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    if (milliseconds === undefined) return;
    this.#patience = setTimeout(() => {
      void this.#connection?.close();
      this.#onEnd(loss(this.#name, fault));
    }, milliseconds);
  }

  #onEnd(failure: StreamFailure): void {
    this.#connection = undefined;
    clearTimeout(this.#patience);
    const lasted = this.#openSince !== undefined && performance.now() - this.#openSince >= settledAfter;
    // A server that tells, ends and says when to come again wants to be asked again and again.
    const worked = lasted || (this.#hasSpoken && this.#wantedRetry !== undefined);
    this.#openSince = undefined;
    this.#hasSpoken = false;
    if (worked) this.#attempts = 0;
    if (failure.isOfRequest === true) this.#lastEventId = undefined;
    const isFirst = worked && !failure.isRefusal;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#connect();
    }, this.#delayAfter(failure));
    this.#attempts += 1;
    this.#tell(isFirst ? "connecting" : "offline", failure.text, failure.isRefusal);
  }

  #delayAfter({ isRefusal, retryAfter = 0 }: StreamFailure): number {
    const wanted = this.#wantedRetry ?? 0;
    const delay = retryDelay(this.#attempts, isRefusal ? refused : lost);
    return Math.max(delay, wanted, retryAfter);
  }

  #onDropped(): void {
    const { allowed, suppressed } = this.#gate.allow("dropped");
    if (allowed) this.#log.warn({ suppressed }, "a message larger than 64 KB was left out");
  }

  #tell(state: LinkState, detail: string, isRefusal: boolean): void {
    const now = `${state} ${detail}`;
    if (now === this.#told) return;
    this.#told = now;
    const level = { connecting: "debug", online: "info", offline: "warn" } as const;
    const { allowed, suppressed } = this.#gate.allow(now);
    if (allowed) this.#log[level[state]]({ suppressed }, detail === "" ? state : `${state}; ${detail}`);
    this.#listener.onState(state, detail, isRefusal);
  }
}

function openConnection(
  source: StreamSource,
  lastEventId: string | undefined,
  listener: ConnectionListener,
): StreamConnection {
  return source.kind === "sse"
    ? new SseConnection(source, lastEventId, listener)
    : new WebSocketConnection(source, listener);
}
