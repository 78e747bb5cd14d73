import type { Availability, ChannelId, DeviceId } from "./device.js";
import type { State } from "./state.js";

interface Known {
  availability: Availability;
  readonly states: Map<ChannelId, State>;
}

const noStates: ReadonlyMap<ChannelId, State> = new Map();

/** What each device last said: its availability, and a state for each channel that ever spoke. */
export class StateCache {
  readonly #known = new Map<DeviceId, Known>();
  readonly #unseen: Availability;

  constructor(since: number) {
    this.#unseen = { status: "unknown", detail: "not-seen-yet", since };
  }

  availability(device: DeviceId): Availability {
    return this.#known.get(device)?.availability ?? this.#unseen;
  }

  states(device: DeviceId): ReadonlyMap<ChannelId, State> {
    return this.#known.get(device)?.states ?? noStates;
  }

  setAvailability(device: DeviceId, availability: Availability): void {
    this.#of(device).availability = availability;
  }

  setState(device: DeviceId, channel: ChannelId, state: State): void {
    this.#of(device).states.set(channel, state);
  }

  /** Forgets the states of all other channels. */
  retain(device: DeviceId, isKept: (channel: ChannelId) => boolean): void {
    const states = this.#known.get(device)?.states;
    for (const channel of states?.keys() ?? []) {
      if (!isKept(channel)) states?.delete(channel);
    }
  }

  forget(device: DeviceId): void {
    this.#known.delete(device);
  }

  #of(device: DeviceId): Known {
    let known = this.#known.get(device);
    if (known === undefined) {
      known = { availability: this.#unseen, states: new Map() };
      this.#known.set(device, known);
    }
    return known;
  }
}
