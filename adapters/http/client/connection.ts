import type { Socket } from "node:net";
import { Client } from "undici";
import { Exchange, type Incoming, type Outgoing } from "./exchange.js";
import { connectorTo } from "./socket.js";
import type { Tls } from "./tls.js";

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

  /** One at a time. The reason of `signal` is a `BreakOff`. Rejects with an `HttpFailure`. */
  async exchange(outgoing: Outgoing, signal: AbortSignal): Promise<Incoming> {
    const exchange = new Exchange({
      outgoing,
      isReused: () => this.#answers > 0,
      onBrokenOff: () => void this.close(),
    });
    const onAbort = () => exchange.breakOff(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    try {
      if (!signal.aborted) this.#dispatch(outgoing, exchange);
      const incoming = await exchange.incoming;
      this.#answers += 1;
      return incoming;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Cuts the connection, also one that is being opened. The next exchange opens another. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = this.#newClient();
    this.#socket?.destroy();
    this.#socket = undefined;
    await client.destroy();
  }

  #dispatch({ method, url, headers, body }: Outgoing, exchange: Exchange): void {
    this.#client.dispatch(
      { method, path: `${url.pathname}${url.search}`, headers, body: body ?? null },
      exchange,
    );
  }

  #newClient(): Client {
    return new Client(this.#origin, {
      // The deadline of the whole exchange is the caller's.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: connectorTo(this.#origin, this.#tls, (socket) => {
        this.#socket = socket;
        this.#answers = 0;
      }),
    });
  }
}
