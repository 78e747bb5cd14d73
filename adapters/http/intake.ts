import { isDeepStrictEqual } from "node:util";
import type { DeviceSink } from "../../src/core/adapter.js";
import type { ChannelId, DeviceEvent, DeviceId } from "../../src/core/device.js";
import type { Ear } from "../payload/ear.js";
import type { Payload } from "../payload/payload.js";
import type { Refusals } from "../payload/refusals.js";

/** What the channels of one device found in one message. */
export type Readings = Readonly<Record<ChannelId, unknown>>;

/** Takes messages apart for the devices that read them. */
export class Intake {
  readonly #sink: DeviceSink;
  readonly #refusals: Refusals;
  /** What an event channel found at the last poll. */
  readonly #polled = new WeakMap<Ear, DeviceEvent | "nothing">();

  constructor(sink: DeviceSink, refusals: Refusals) {
    this.#sink = sink;
    this.#refusals = refusals;
  }

  /** An answer to a poll: what it says may be old, so an event counts only where the last answer did not have it. */
  takePolled(device: DeviceId, ears: readonly Ear[], payload: Payload, place: string): Readings {
    return this.#take(device, ears, payload, place, (ear, found) => {
      const event = found ?? "nothing";
      const before = this.#polled.get(ear);
      this.#polled.set(ear, event);
      return before !== undefined && event !== "nothing" && !isDeepStrictEqual(before, event);
    }).readings;
  }

  /** A message that the device sent by itself: an event in it happened just now. Returns the id of the first event. */
  takeTold(device: DeviceId, ears: readonly Ear[], payload: Payload, place: string): string | undefined {
    return this.#take(device, ears, payload, place, () => true).event;
  }

  #take(
    device: DeviceId,
    ears: readonly Ear[],
    payload: Payload,
    place: string,
    isNews: (ear: Ear, event: DeviceEvent | undefined) => boolean,
  ): { readonly readings: Readings; readonly event: string | undefined } {
    const readings: Record<ChannelId, unknown> = {};
    const events: [ChannelId, DeviceEvent][] = [];
    for (const ear of ears) {
      const { channel, largest, hears } = ear;
      const purpose = { device, channel, url: place };
      if ("state" in hears) {
        const raw = this.#refusals.read(purpose, payload, largest, hears.state);
        if (raw !== undefined) readings[channel] = raw;
      } else {
        const event = this.#refusals.read(purpose, payload, largest, hears.event);
        if (isNews(ear, event) && event !== undefined) events.push([channel, event]);
      }
    }
    if (Object.keys(readings).length > 0) this.#sink.report(device, readings);
    const ids = events.map(([channel, event]) => this.#sink.event(device, channel, event));
    return { readings, event: ids.find((id) => id !== undefined) };
  }
}
