import type { ChannelId, DeviceId } from "../../src/core/device.js";
import type { Ear } from "../payload/ear.js";
import type { Readings } from "./intake.js";

/** Answers in a row without a find that are worth a word. */
const many = 3;

interface Count {
  /** Answers in a row in which no channel found anything. */
  empty: number;
  answers: number;
  /** Channels that found nothing yet. */
  readonly never: Set<ChannelId>;
}

/** Whether devices find what they look for in the answers of one URL: a path that leads nowhere is no mistake that a reader sees. */
export class Search {
  readonly #counts = new Map<DeviceId, Count>();

  /** What there is to say of an answer; once of channels that never find anything, of a whole device each time. */
  note(device: DeviceId, ears: readonly Ear[], readings: Readings): string | undefined {
    const channels = ears.flatMap(({ channel, hears }) => ("state" in hears ? [channel] : []));
    const count = this.#counts.get(device) ?? { empty: 0, answers: 0, never: new Set(channels) };
    this.#counts.set(device, count);
    const found = Object.keys(readings);
    for (const channel of found) count.never.delete(channel);
    count.answers += 1;
    count.empty = channels.length > 0 && found.length === 0 ? count.empty + 1 : 0;
    if (count.empty >= many) return `found nothing of its channels in the last ${count.empty} answers`;
    const isTime = count.answers === many && count.empty === 0 && count.never.size > 0;
    return isTime
      ? `found nothing for ${[...count.never].join(", ")} in the first ${many} answers`
      : undefined;
  }

  /** Forgets all other devices. */
  keep(devices: { has(device: DeviceId): boolean }): void {
    for (const device of this.#counts.keys()) if (!devices.has(device)) this.#counts.delete(device);
  }
}
