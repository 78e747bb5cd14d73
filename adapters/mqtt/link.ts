import type { LinkState } from "../../src/core/adapter.js";
import { retryDelay } from "../../src/core/backoff.js";
import { GatewayError, messageOf } from "../../src/core/errors.js";
import type { Log } from "../../src/core/log.js";
import type { Qos } from "./addresses.js";
import { Connection } from "./connection.js";
import { type Failure, placeOf } from "./failure.js";
import type { Publication } from "./publication.js";
import type { Settings } from "./settings.js";

/** Milliseconds after which a connection counts as having worked. */
const settledAfter = 10_000;
// A broker that comes back is to be found within 10 s; one that refuses us is not to be pestered.
const lost = { first: 1000, longest: 8000 };
const refused = { first: 1000, longest: 300_000 };
const birthTimeout = 10_000;
const shownFilters = 3;

interface LinkListener {
  onState(state: LinkState, detail: string): void;
  onMessage(topic: string, payload: Uint8Array, isRetained: boolean): void;
}

/** The way to one broker: connects, subscribes to everything, and does so again after each loss until `stop`. */
export class BrokerLink {
  readonly #settings: Settings;
  readonly #clientId: string;
  #filters: ReadonlyMap<string, Qos>;
  readonly #listener: LinkListener;
  readonly #log: Log;
  #connection: Connection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #attempts = 0;
  #onlineSince: number | undefined;
  #refused: readonly string[] = [];
  #told = "";

  constructor(parts: {
    readonly settings: Settings;
    readonly clientId: string;
    readonly filters: ReadonlyMap<string, Qos>;
    readonly listener: LinkListener;
    readonly log: Log;
  }) {
    this.#settings = parts.settings;
    this.#clientId = parts.clientId;
    this.#filters = parts.filters;
    this.#listener = parts.listener;
    this.#log = parts.log;
  }

  start(): void {
    if (this.#connection !== undefined || this.#retry !== undefined) return;
    this.#tell("connecting", "");
    this.#connect();
  }

  /** Takes leave of the broker, within 2 s. */
  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#attempts = 0;
    this.#told = "";
    await connection?.close(this.#settings.will);
  }

  /**
   * From now on it subscribes to these filters; `again` are asked for even where they were, for what the broker kept of
   * them. Resolves when the broker sends what is new and no more of what is not.
   */
  async follow(filters: ReadonlyMap<string, Qos>, again: ReadonlySet<string>): Promise<void> {
    const before = this.#filters;
    this.#filters = filters;
    const connection = this.#connection;
    if (connection?.isOnline !== true) return;
    const asked = new Map(
      [...filters].filter(([filter, qos]) => again.has(filter) || before.get(filter) !== qos),
    );
    this.#refused = this.#refused.filter((filter) => filters.has(filter) && !asked.has(filter));
    this.#tellOnline();
    await connection.subscribe(asked, (refused) => this.#onRefused(refused));
    await connection.unsubscribe([...before.keys()].filter((filter) => !this.#filters.has(filter)));
  }

  async publish(publication: Publication, signal: AbortSignal): Promise<void> {
    if (this.#connection?.isOnline !== true) {
      throw new GatewayError(
        "device-offline",
        `The broker at ${placeOf(this.#settings.url)} is not connected.`,
      );
    }
    await this.#connection.publish(publication, signal);
  }

  #connect(): void {
    this.#onlineSince = undefined;
    try {
      const connection = new Connection(this.#settings, this.#clientId, {
        onOnline: () => this.#onOnline(connection),
        onMessage: (topic, payload, isRetained) => this.#listener.onMessage(topic, payload, isRetained),
        onLost: (failure) => this.#onLost(failure),
      });
      this.#connection = connection;
    } catch (error) {
      this.#onLost({ text: `no connection with it: ${messageOf(error)}`, isRefusal: false });
    }
  }

  #onOnline(connection: Connection): void {
    this.#onlineSince = performance.now();
    this.#refused = [];
    // Told first: what the subscriptions bring belongs to a link that is up.
    this.#tellOnline();
    void connection.subscribe(this.#filters, (filters) => this.#onRefused(filters));
    const { birth } = this.#settings;
    if (birth === undefined) return;
    connection.publish(birth, AbortSignal.timeout(birthTimeout)).catch((error: unknown) => {
      this.#log.warn({ topic: birth.topic }, `the birth message was not sent: ${messageOf(error)}`);
    });
  }

  #onRefused(filters: readonly string[]): void {
    this.#refused = [...this.#refused, ...filters];
    this.#log.warn({ filters }, `the broker denies the subscription to ${filters.length} topics`);
    this.#tellOnline();
  }

  #tellOnline(): void {
    const shown = this.#refused.slice(0, shownFilters).join(", ");
    const rest =
      this.#refused.length > shownFilters ? `, and ${this.#refused.length - shownFilters} more` : "";
    this.#tell("online", shown === "" ? "" : `the broker denies the subscription to ${shown}${rest}`);
  }

  #onLost(failure: Failure): void {
    this.#connection = undefined;
    const worked = this.#onlineSince !== undefined && performance.now() - this.#onlineSince >= settledAfter;
    if (worked) this.#attempts = 0;
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined;
        this.#connect();
      },
      retryDelay(this.#attempts, failure.isRefusal ? refused : lost),
    );
    this.#attempts += 1;
    this.#tell("offline", `the broker at ${placeOf(this.#settings.url)}: ${failure.text}`);
  }

  #tell(state: LinkState, detail: string): void {
    const now = `${state} ${detail}`;
    if (now === this.#told) return;
    this.#told = now;
    this.#listener.onState(state, detail);
  }
}
