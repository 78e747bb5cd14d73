import type { Availability, ChannelId, Device, DeviceId } from "./device.js";
import type { Registry } from "./registry.js";
import type { State } from "./state.js";
import { StateColumns } from "./state-columns.js";

type Channels = Device["channels"];
/** All of an availability but its time: alike for many devices, and then one object for all of them. */
type Condition = Omit<Availability, "since">;

const sharedLimit = 64;

/**
 * What each device of the registry last said: its availability, and a state for each channel that ever spoke. Devices that have
 * one object of channels in common share the places of those channels, too.
 */
export class StateCache {
  readonly #registry: Registry;
  readonly #unseen: Availability;
  readonly #states = new StateColumns();
  /** By the slots of the registry: where the states of a device begin, how it is, and since when. */
  readonly #first: number[] = [];
  readonly #conditions: (Condition | undefined)[] = [];
  readonly #since: number[] = [];
  readonly #shared = new Map<string, Condition>();
  readonly #places = new WeakMap<Channels, ReadonlyMap<ChannelId, number>>();

  constructor(registry: Registry, since: number) {
    this.#registry = registry;
    this.#unseen = { status: "unknown", detail: "not-seen-yet", since };
  }

  /** After the registry took a device: makes room for it, and keeps of the states of `before` what `isKept` names. */
  admit(device: Device, before: Device | undefined, isKept: (channel: ChannelId) => boolean): void {
    const slot = this.#registry.slotOf(device.id);
    if (slot === undefined) return;
    const kept =
      before === undefined ? [] : this.#entries(slot, before).filter(([channel]) => isKept(channel));
    if (before === undefined) this.setAvailability(device.id, { ...this.#unseen, since: Date.now() });
    else this.#states.release(this.#first[slot] ?? 0, before.channels.size);
    this.#first[slot] = this.#states.allocate(device.channels.size);
    for (const [channel, state] of kept) this.setState(device.id, channel, state);
  }

  /** Before the registry lets a device go. */
  forget(device: Device): void {
    const slot = this.#registry.slotOf(device.id);
    if (slot !== undefined) this.#states.release(this.#first[slot] ?? 0, device.channels.size);
  }

  availability(id: DeviceId): Availability {
    const slot = this.#registry.slotOf(id);
    const condition = slot === undefined ? undefined : this.#conditions[slot];
    if (slot === undefined || condition === undefined) return this.#unseen;
    const { status, detail, text } = condition;
    const since = this.#since[slot] ?? 0;
    return text === undefined ? { status, detail, since } : { status, detail, text, since };
  }

  setAvailability(id: DeviceId, { since, ...condition }: Availability): void {
    const slot = this.#registry.slotOf(id);
    if (slot === undefined) return;
    this.#conditions[slot] = this.#share(condition);
    this.#since[slot] = since;
  }

  state(id: DeviceId, channel: ChannelId): State | undefined {
    const cell = this.#cellOf(id, channel);
    return cell === undefined ? undefined : this.#states.get(cell);
  }

  /** Of the channels that spoke. */
  states(device: Device): readonly (readonly [ChannelId, State])[] {
    const slot = this.#registry.slotOf(device.id);
    return slot === undefined ? [] : this.#entries(slot, device);
  }

  setState(id: DeviceId, channel: ChannelId, state: State): void {
    const cell = this.#cellOf(id, channel);
    if (cell !== undefined) this.#states.set(cell, state);
  }

  #entries(slot: number, { channels }: Device): readonly (readonly [ChannelId, State])[] {
    const first = this.#first[slot] ?? 0;
    return [...this.#placesOf(channels)].flatMap(([channel, place]) => {
      const state = this.#states.get(first + place);
      return state === undefined ? [] : [[channel, state] as const];
    });
  }

  #cellOf(id: DeviceId, channel: ChannelId): number | undefined {
    const slot = this.#registry.slotOf(id);
    const channels = this.#registry.get(id)?.channels;
    const place = channels === undefined ? undefined : this.#placesOf(channels).get(channel);
    return slot === undefined || place === undefined ? undefined : (this.#first[slot] ?? 0) + place;
  }

  #placesOf(channels: Channels): ReadonlyMap<ChannelId, number> {
    let places = this.#places.get(channels);
    if (places === undefined) {
      places = new Map([...channels.keys()].map((channel, place) => [channel, place]));
      this.#places.set(channels, places);
    }
    return places;
  }

  #share(condition: Condition): Condition {
    const key = JSON.stringify([condition.status, condition.detail, condition.text]);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    if (this.#shared.size >= sharedLimit) this.#shared.clear();
    this.#shared.set(key, condition);
    return condition;
  }
}
