import type { AddressedDevice, ChannelAccess } from "../../src/core/adapter.js";
import type { ChannelId } from "../../src/core/device.js";
import { below, type Problem } from "../../src/core/problem.js";
import { type Ear, earOf } from "../payload/ear.js";
import { type ChannelAddress, readChannelAddress, readDeviceAddress, type Source } from "./addresses.js";
import type { Hook } from "./hooks/settings.js";
import type { DeviceWords } from "./request-words.js";
import { usualTimeout } from "./settings.js";
import type { EventsWords } from "./streams/settings.js";
import { type Voice, voiceOf } from "./voice.js";

/** A source, and those of a device's channels that read what it says. */
export interface HeardSource extends Source {
  readonly ears: readonly Ear[];
}

/** A device's addresses, opened: what is asked for it and what it can be told. */
export interface Wiring {
  /** Each request once. */
  readonly sources: readonly HeardSource[];
  /** What it tells by itself. */
  readonly events:
    | { readonly words: EventsWords; readonly device: DeviceWords; readonly ears: readonly Ear[] }
    | undefined;
  readonly hook: { readonly hook: Hook; readonly ears: readonly Ear[] } | undefined;
  readonly voices: ReadonlyMap<ChannelId, Voice>;
}

interface ReadDevice {
  readonly wiring: Wiring;
  readonly access: Readonly<Record<ChannelId, ChannelAccess>>;
  /** Paths start at the device. */
  readonly problems: readonly Problem[];
}

/** `timeout` is the adapter's, in milliseconds. */
export function readDevice(device: AddressedDevice, timeout = usualTimeout): ReadDevice {
  const sealedChannels = Object.values(device.channels).map(({ address }) => address);
  const own = readDeviceAddress(device.address, sealedChannels);
  const problems = own.problems.map(below("address"));
  const { events, hook, words } = own.address;
  const sources = new Map<string, { readonly source: Source; readonly ears: Ear[] }>();
  const hear = (source: Source, ...ears: Ear[]) => {
    const key = JSON.stringify(source);
    const known = sources.get(key);
    if (known === undefined) sources.set(key, { source, ears });
    else known.ears.push(...ears);
  };
  // Also where no channel reads it: it tells whether the device is there.
  if (own.address.source !== undefined) hear(own.address.source);
  const [ofEvents, ofHook]: [Ear[], Ear[]] = [[], []];
  const voices = new Map<ChannelId, Voice>();
  const access: Record<ChannelId, ChannelAccess> = {};
  for (const [channel, { value, address: sealed }] of Object.entries(device.channels)) {
    const { address, problems: found } = readChannelAddress(value, sealed, own.address);
    problems.push(...found.map(below("channels", channel, "address")));
    access[channel] = accessOf(address, timeout);
    const ear = earOf(channel, value, address.conversion);
    if (address.source !== undefined) hear(address.source, ear);
    if (address.isFromEvents) ofEvents.push(ear);
    if (address.isFromHook) ofHook.push(ear);
    if (found.length > 0) continue;
    const voice = voiceOf(value, address, words);
    if (voice !== undefined) voices.set(channel, voice);
  }
  return {
    wiring: {
      sources: [...sources.values()].map(({ source, ears }) => ({ ...source, ears })),
      events: events && { words: events, device: words, ears: ofEvents },
      hook: hook && { hook, ears: ofHook },
      voices,
    },
    access,
    problems,
  };
}

/** Three polls without a good answer, and what was heard before is old. */
function accessOf(
  { source, isFromEvents, isFromHook, command }: ChannelAddress,
  timeout: number,
): ChannelAccess {
  const writable = command !== undefined;
  if (source === undefined) return { readable: isFromEvents || isFromHook, writable };
  const staleAfter = 3 * source.every + (source.request.timeout ?? timeout);
  return { readable: true, writable, staleAfter };
}
