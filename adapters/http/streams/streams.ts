import type { LinkState } from "../../../src/core/adapter.js";
import { GatewayError } from "../../../src/core/errors.js";
import type { Log } from "../../../src/core/log.js";
import { nameOf } from "./failure.js";
import type { StreamSource } from "./source.js";
import { EventStream, type StreamListener } from "./stream.js";

/** What somebody wants to hear of a source. */
export interface Subscription {
  readonly source: StreamSource;
  /** The events of these names alone; without it all of them. */
  readonly events?: readonly string[];
}

/** A place among those who listen to a source. */
export interface StreamSeat {
  /** Tells a WebSocket something; resolves when it left this process. Rejects with a `GatewayError`. */
  send(text: string, signal: AbortSignal): Promise<void>;
  /** The listener is told nothing more. The last one who leaves ends the connection. */
  leave(): void;
}

interface Shared {
  readonly stream: EventStream;
  readonly listeners: Map<StreamSeat, StreamListener>;
  state: readonly [LinkState, detail: string, isRefusal: boolean];
}

/** The sources of one adapter. Who listens to the same source, shares one connection to it. */
export class Streams {
  readonly #log: Log;
  readonly #shared = new Map<string, Shared>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Connects where nobody listened before, and tells the listener at once how it stands. Who takes a new seat in the turn in
   * which the last one leaves, goes on with the connection that is there.
   */
  take({ source, events }: Subscription, listener: StreamListener): StreamSeat {
    const key = JSON.stringify(source);
    const shared = this.#shared.get(key) ?? this.#open(key, source);
    const seat: StreamSeat = {
      send: async (text, signal) => {
        if (!shared.listeners.has(seat)) {
          throw new GatewayError("device-offline", `${nameOf(source)} is not connected.`);
        }
        await shared.stream.send(text, signal);
      },
      leave: () => {
        if (shared.listeners.delete(seat)) setImmediate(() => this.#endUnused(key, shared));
      },
    };
    shared.listeners.set(seat, {
      onState: (state, detail, isRefusal) => listener.onState(state, detail, isRefusal),
      onMessage: (payload, name) => {
        if (name === undefined || events === undefined || events.includes(name)) {
          listener.onMessage(payload, name);
        }
      },
    });
    listener.onState(...shared.state);
    return seat;
  }

  /** Resolves when all connections are gone; nobody is told anything any more. */
  async stop(): Promise<void> {
    const all = [...this.#shared.values()];
    this.#shared.clear();
    for (const { listeners } of all) listeners.clear();
    await Promise.all(all.map(({ stream }) => stream.stop()));
  }

  #open(key: string, source: StreamSource): Shared {
    const listeners: Shared["listeners"] = new Map();
    const stream = new EventStream(
      source,
      {
        onState: (...state) => {
          shared.state = state;
          for (const listener of [...listeners.values()]) listener.onState(...state);
        },
        onMessage: (payload, name) => {
          for (const listener of [...listeners.values()]) listener.onMessage(payload, name);
        },
      },
      this.#log.child({ source: nameOf(source) }),
    );
    const shared: Shared = { stream, listeners, state: ["connecting", "", false] };
    this.#shared.set(key, shared);
    stream.start();
    return shared;
  }

  #endUnused(key: string, shared: Shared): void {
    if (shared.listeners.size > 0 || this.#shared.get(key) !== shared) return;
    this.#shared.delete(key);
    void shared.stream.stop();
  }
}
