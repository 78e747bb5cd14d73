import type { Freshness } from "./adapter.js";
import type { Availability, Channel, ChannelId, Device, DeviceEvent, DeviceId } from "./device.js";
import { messageOf } from "./errors.js";
import type { Events } from "./events.js";
import type { Log } from "./log.js";
import type { RateGate } from "./rate-gate.js";
import type { Registry } from "./registry.js";
import type { Quality, State } from "./state.js";
import type { StateCache } from "./state-cache.js";
import { sameValue, type Value } from "./value.js";
import { parseReport } from "./value-parse.js";

const defaultStaleAfter = 25 * 3_600_000;

/** What a reading is heard by besides the events, for it may confirm a command even where it is no news. */
export type ReadingListener = (device: DeviceId, channel: ChannelId, value: Value) => void;

/** Device to face, one way: parse, compare, stamp, remember, tell. */
export class Uplink {
  readonly #epoch: number;
  readonly #registry: Registry;
  readonly #cache: StateCache;
  readonly #events: Events;
  readonly #log: Log;
  readonly #gate: RateGate;
  readonly #onReading: ReadingListener;

  constructor(parts: {
    readonly epoch: number;
    readonly registry: Registry;
    readonly cache: StateCache;
    readonly events: Events;
    readonly log: Log;
    readonly gate: RateGate;
    readonly onReading: ReadingListener;
  }) {
    this.#epoch = parts.epoch;
    this.#registry = parts.registry;
    this.#cache = parts.cache;
    this.#events = parts.events;
    this.#log = parts.log;
    this.#gate = parts.gate;
    this.#onReading = parts.onReading;
  }

  report(
    adapter: string,
    id: DeviceId,
    readings: Readonly<Record<ChannelId, unknown>>,
    freshness: Freshness,
  ): void {
    const device = this.#carriedBy(adapter, id);
    if (device === undefined) return;
    const now = Date.now();
    const news = new Map<ChannelId, State>();
    const heard: [ChannelId, Value][] = [];
    let qualityChanged = false;
    for (const [channelId, raw] of Object.entries(readings)) {
      const channel = device.channels.get(channelId);
      if (channel === undefined || !channel.readable) continue;
      const value = this.#parse(device, channel, raw);
      if (value === undefined) continue;
      const accepted = this.#accept(device, channelId, value, freshness, now);
      if (accepted !== undefined) {
        news.set(channelId, accepted.state);
        qualityChanged ||= accepted.qualityChanged;
      }
      if (freshness === "live") heard.push([channelId, value]);
    }
    this.#tell(device, news, qualityChanged);
    // The state comes before the receipt that it brings about.
    for (const [channelId, value] of heard) this.#onReading(id, channelId, value);
    if (freshness === "live") this.#onHeard(adapter, id);
  }

  /** Returns the id of the event; `undefined` where there is no channel for it. */
  event(adapter: string, device: DeviceId, channel: ChannelId, event: DeviceEvent): string | undefined {
    const carried = this.#carriedBy(adapter, device);
    if (carried?.channels.get(channel)?.value.kind !== "event") return undefined;
    const seq = this.#events.next();
    const id = `${this.#epoch}-${seq}`;
    this.#events.emit("event", { device: carried, channel, event, id, at: Date.now() }, seq);
    this.#onHeard(adapter, device);
    return id;
  }

  availability(
    adapter: string,
    id: DeviceId,
    status: Availability["status"],
    why: Pick<Availability, "detail" | "text"> = { detail: "none" },
  ): void {
    const device = this.#carriedBy(adapter, id);
    if (device === undefined) return;
    const previous = this.#cache.availability(id);
    if (previous.status === status && previous.detail === why.detail && previous.text === why.text) return;
    const since = previous.status === status ? previous.since : Date.now();
    const availability: Availability = { status, ...why, since };
    this.#cache.setAvailability(id, availability);
    if (status === "offline") this.#degrade(device, () => true, "unavailable");
    else this.#degrade(device, (state) => state.quality === "unavailable", "stale");
    this.#events.emit("availability", { device, availability });
  }

  /** Takes the freshness from values that nobody repeated within their channel's `staleAfter`. */
  sweep(): void {
    const now = Date.now();
    for (const device of this.#registry.all()) {
      this.#degrade(
        device,
        (state, channel) =>
          state.quality === "live" && now - state.at > (channel?.staleAfter ?? defaultStaleAfter),
        "stale",
      );
    }
  }

  #onHeard(adapter: string, id: DeviceId): void {
    if (this.#cache.availability(id).status === "unknown") this.availability(adapter, id, "online");
  }

  #carriedBy(adapter: string, id: DeviceId): Device | undefined {
    const device = this.#registry.get(id);
    return device?.adapter === adapter ? device : undefined;
  }

  #parse(device: Device, channel: Channel, raw: unknown): Value | undefined {
    try {
      return parseReport(channel.value, raw);
    } catch (error) {
      const { allowed, suppressed } = this.#gate.allow(`${device.id}/${channel.id}`);
      if (allowed) {
        this.#log.warn(
          { device: device.id, channel: channel.id, suppressed },
          `${device.label} reported a bad value for ${channel.id}: ${messageOf(error)}`,
        );
      }
      return undefined;
    }
  }

  /** Remembers a reading; returns the state if its value or quality is news. */
  #accept(
    device: Device,
    channel: ChannelId,
    value: Value,
    freshness: Freshness,
    now: number,
  ): { readonly state: State; readonly qualityChanged: boolean } | undefined {
    const previous = this.#cache.state(device.id, channel);
    const same = previous !== undefined && sameValue(previous.value, value);
    const quality = this.#qualityOf(device.id, freshness, same ? previous.quality : undefined);
    // A repeat of something retained tells nothing of when it was observed.
    const at = same && freshness === "retained" ? previous.at : now;
    if (same && previous.quality === quality) {
      this.#cache.setState(device.id, channel, { ...previous, at });
      return undefined;
    }
    const state: State = { value, quality, at, seq: this.#events.next() };
    this.#cache.setState(device.id, channel, state);
    return { state, qualityChanged: previous?.quality !== quality };
  }

  #qualityOf(device: DeviceId, freshness: Freshness, before: Quality | undefined): Quality {
    if (freshness === "live" || before === "live") return "live";
    return this.#cache.availability(device).status === "offline" ? "unavailable" : "stale";
  }

  #degrade(
    device: Device,
    concerns: (state: State, channel: Channel | undefined) => boolean,
    quality: Quality,
  ): void {
    const news = new Map<ChannelId, State>();
    for (const [channel, state] of this.#cache.states(device)) {
      if (state.quality === quality || !concerns(state, device.channels.get(channel))) continue;
      news.set(channel, { ...state, quality, seq: this.#events.next() });
    }
    for (const [channel, state] of news) this.#cache.setState(device.id, channel, state);
    this.#tell(device, news, true);
  }

  #tell(device: Device, states: ReadonlyMap<ChannelId, State>, qualityChanged: boolean): void {
    const newest = [...states.values()].at(-1);
    if (newest !== undefined) this.#events.emit("state", { device, states, qualityChanged }, newest.seq);
  }
}
