import type { DeviceSink } from "../../src/core/adapter.js";
import type { ChannelId, DeviceEvent, DeviceId } from "../../src/core/device.js";
import type { Log } from "../../src/core/log.js";
import { largestState } from "../payload/message-size.js";
import { Payload } from "../payload/payload.js";
import { Refusals } from "../payload/refusals.js";
import type { Route } from "./plan.js";
import { isWildcard } from "./topic-syntax.js";
import type { Topics } from "./topics.js";
import type { TopicEar } from "./wiring.js";

/** Topics under one wildcard that are remembered as heard. */
const topicLimit = 1_000;

/** One message on its way in. */
interface Message {
  readonly topic: string;
  readonly payload: Payload;
  /** The broker repeats what was said before we listened. */
  readonly isRetained: boolean;
}

/**
 * Takes each message apart for the devices that want it.
 *
 *     topic, bytes > routes > one Payload > for each device: availability, one report, events
 */
export class Intake {
  #routes: Topics<Route>;
  readonly #sink: DeviceSink;
  readonly #refusals: Refusals;
  /** The ears that heard something since the link came up: what the broker repeats is no news to them. */
  #heard = new WeakSet<object>();
  /** Of the ears on a wildcard: on which topics. */
  #heardUnder = new WeakMap<TopicEar, Set<string>>();

  constructor(routes: Topics<Route>, sink: DeviceSink, log: Log) {
    this.#routes = routes;
    this.#sink = sink;
    this.#refusals = new Refusals(log);
  }

  /** From now on messages go these ways. */
  follow(routes: Topics<Route>): void {
    this.#routes = routes;
  }

  /** The link is new: what the broker kept may be later than what was heard before. */
  onOnline(): void {
    this.#heard = new WeakSet();
    this.#heardUnder = new WeakMap();
  }

  take(topic: string, bytes: Uint8Array, isRetained: boolean): void {
    const routes = this.#routes.match(topic);
    const [first] = routes;
    if (first === undefined) return;
    const message = { topic, payload: new Payload(bytes), isRetained };
    if (routes.length === 1) this.#deliver(first.device, routes, message);
    else for (const [device, own] of byDevice(routes)) this.#deliver(device, own, message);
  }

  #deliver(device: DeviceId, routes: readonly Route[], message: Message): void {
    const readings: Record<ChannelId, unknown> = {};
    const events: [ChannelId, DeviceEvent][] = [];
    for (const { availability, ears } of routes) {
      if (availability !== undefined && !this.#isRepeat(availability, message)) {
        const status = this.#read(device, undefined, largestState, message, availability);
        if (status === "online") this.#sink.availability(device, status);
        if (status === "offline") {
          const text = "It says itself, or its broker says for it, that it is gone.";
          this.#sink.availability(device, status, { detail: "communication-error", text });
        }
      }
      for (const ear of ears) {
        const isRepeat = isWildcard(ear.filter)
          ? this.#isRepeatUnder(ear, message)
          : this.#isRepeat(ear, message);
        if (!isRepeat) this.#hear(device, ear, message, readings, events);
      }
    }
    if (Object.keys(readings).length > 0) {
      this.#sink.report(device, readings, message.isRetained ? "retained" : "live");
    }
    for (const [channel, event] of events) this.#sink.event(device, channel, event);
  }

  /** A topic is asked for again when one more device wants it; what the broker kept of it is for that device alone. */
  #isRepeat(ear: object, { isRetained }: Message): boolean {
    const wasHeard = this.#heard.has(ear);
    if (!wasHeard) this.#heard.add(ear);
    return isRetained && wasHeard;
  }

  #isRepeatUnder(ear: TopicEar, { topic, isRetained }: Message): boolean {
    const topics = this.#heardUnder.get(ear) ?? new Set();
    const wasHeard = topics.has(topic);
    if (!wasHeard && topics.size < topicLimit) this.#heardUnder.set(ear, topics.add(topic));
    return isRetained && wasHeard;
  }

  #hear(
    device: DeviceId,
    { channel, largest, hears }: TopicEar,
    message: Message,
    readings: Record<ChannelId, unknown>,
    events: [ChannelId, DeviceEvent][],
  ): void {
    if ("state" in hears) {
      const raw = this.#read(device, channel, largest, message, hears.state);
      if (raw !== undefined) readings[channel] = raw;
    } else if (!message.isRetained) {
      // A retained event happened before we listened, and must not act as if it happened now.
      const event = this.#read(device, channel, largest, message, hears.event);
      if (event !== undefined) events.push([channel, event]);
    }
  }

  #read<Result>(
    device: DeviceId,
    channel: ChannelId | undefined,
    largest: number,
    { topic, payload }: Message,
    reader: (payload: Payload) => Result | undefined,
  ): Result | undefined {
    return this.#refusals.read({ device, channel, topic }, payload, largest, reader);
  }
}

function byDevice(routes: readonly Route[]): ReadonlyMap<DeviceId, readonly Route[]> {
  const grouped = new Map<DeviceId, Route[]>();
  for (const route of routes) {
    const own = grouped.get(route.device);
    if (own === undefined) grouped.set(route.device, [route]);
    else own.push(route);
  }
  return grouped;
}
