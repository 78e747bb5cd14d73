import type { LinkState } from "./adapter.js";
import type { Principal, Receipt } from "./command.js";
import type { Availability, ChannelId, Device, DeviceEvent } from "./device.js";
import type { State } from "./state.js";

export interface AdapterStatus {
  readonly name: string;
  readonly kind: string;
  readonly state: LinkState;
  /** A sentence for a person; empty when there is nothing to say. */
  readonly detail: string;
}

/**
 * What the core tells its faces. Everything told has a `seq`, from one count within an epoch that only grows in the order
 * of telling: that of an `event` is in its id, that of a `state` event is the last of its states'.
 */
export interface GatewayEvents {
  /** One message from a device: the channels whose value or quality is news, and whether a quality is. */
  state: {
    readonly device: Device;
    readonly states: ReadonlyMap<ChannelId, State>;
    readonly qualityChanged: boolean;
  };
  availability: { readonly device: Device; readonly availability: Availability };
  /** `id` is made once and stays; `at` is when it happened, in milliseconds since the epoch. */
  event: {
    readonly device: Device;
    readonly channel: ChannelId;
    readonly event: DeviceEvent;
    readonly id: string;
    readonly at: number;
  };
  /** `took`: milliseconds from the request to its receipt. */
  receipt: Receipt & { readonly took: number };
  device: { readonly device: Device; readonly change: "added" | "changed" | "removed" };
  adapter: AdapterStatus;
  /** Who may do more, less or other things than before. */
  access: { readonly principals: ReadonlySet<Principal> };
}

export type Listener<Name extends keyof GatewayEvents> = (event: GatewayEvents[Name], seq: number) => void;

/** Tells everyone who listens, in the order they came. One listener's exception is reported and stops nobody else. */
export class Events {
  readonly #listeners: { [Name in keyof GatewayEvents]: Set<Listener<Name>> } = {
    state: new Set(),
    availability: new Set(),
    event: new Set(),
    receipt: new Set(),
    device: new Set(),
    adapter: new Set(),
    access: new Set(),
  };
  readonly #onFailure: (error: unknown, name: keyof GatewayEvents) => void;
  #seq = 0;

  constructor(onFailure: (error: unknown, name: keyof GatewayEvents) => void) {
    this.#onFailure = onFailure;
  }

  on<Name extends keyof GatewayEvents>(name: Name, listener: Listener<Name>): () => void {
    this.#listeners[name].add(listener);
    return () => this.#listeners[name].delete(listener);
  }

  /** The number that was given last. */
  get seq(): number {
    return this.#seq;
  }

  /** The next number of the count, for what wears it before it is told. */
  next(): number {
    this.#seq += 1;
    return this.#seq;
  }

  emit<Name extends keyof GatewayEvents>(name: Name, event: GatewayEvents[Name], seq = this.next()): void {
    for (const listener of this.#listeners[name]) {
      try {
        listener(event, seq);
      } catch (error) {
        this.#onFailure(error, name);
      }
    }
  }
}
