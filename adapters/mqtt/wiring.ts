import type { AddressedDevice, ChannelAccess } from "../../src/core/adapter.js";
import type { ChannelId } from "../../src/core/device.js";
import { below, type Problem } from "../../src/core/problem.js";
import type { CommandValue, ValueSpec } from "../../src/core/value.js";
import { alike } from "../payload/alike.js";
import { type Ear, earOf } from "../payload/ear.js";
import { isPosition, writerOf } from "../payload/writer.js";
import { type ChannelAddress, type Qos, readChannelAddress, readDeviceAddress } from "./addresses.js";
import { type AvailabilityReader, availabilityReaderOf } from "./availability.js";
import type { Publication } from "./publication.js";

/** One channel's ear on a topic. */
export interface TopicEar extends Ear {
  readonly filter: string;
  readonly qos: Qos;
}

/** What is published when a channel is told a value. */
type Voice = (value: CommandValue) => Publication;

/** A device's addresses, opened: what it listens to and what it can say. */
export interface Wiring {
  readonly availability: { readonly filter: string; readonly read: AvailabilityReader } | undefined;
  readonly ears: readonly TopicEar[];
  readonly voices: ReadonlyMap<ChannelId, Voice>;
}

interface ReadDevice {
  readonly wiring: Wiring;
  readonly access: Readonly<Record<ChannelId, ChannelAccess>>;
  /** Paths start at the device. */
  readonly problems: readonly Problem[];
}

export function readDevice(device: AddressedDevice): ReadDevice {
  const sealedChannels = Object.values(device.channels).map(({ address }) => address);
  const own = readDeviceAddress(device.address, sealedChannels);
  const problems = own.problems.map(below("address"));
  const ears: TopicEar[] = [];
  const voices = new Map<ChannelId, Voice>();
  const access: Record<ChannelId, ChannelAccess> = {};
  for (const [channel, { value, address: sealed }] of Object.entries(device.channels)) {
    const { address, problems: found } = readChannelAddress(value, sealed, own.parameters);
    problems.push(...found.map(below("channels", channel, "address")));
    const voice = address && voiceOf(value, address);
    access[channel] = { readable: (address?.sources ?? []).length > 0, writable: voice !== undefined };
    if (voice !== undefined) voices.set(channel, voice);
    for (const { filter, conversion } of address?.sources ?? []) {
      ears.push({ ...earOf(channel, value, conversion), filter, qos: address?.qos ?? 0 });
    }
  }
  const availability = own.address?.availability;
  return {
    wiring: {
      availability: availability && { filter: availability.topic, read: availabilityReaderOf(availability) },
      ears,
      voices,
    },
    access,
    problems,
  };
}

const sharedWriter = alike(writerOf);

function voiceOf(spec: ValueSpec, address: ChannelAddress): Voice | undefined {
  const { command, position, conversion, qos, retain } = address;
  if (command === undefined) return undefined;
  const write = sharedWriter(spec, conversion, command.template);
  const ofWords = (value: CommandValue) => ({ topic: command.topic, payload: write(value), qos, retain });
  if (position === undefined) return ofWords;
  const writePosition = sharedWriter(spec, conversion, position.template);
  return (value) =>
    isPosition(conversion, value)
      ? { topic: position.topic, payload: writePosition(value), qos, retain }
      : ofWords(value);
}
