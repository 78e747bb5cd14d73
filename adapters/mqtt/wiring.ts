import type { AddressedDevice, ChannelAccess } from "../../src/core/adapter.js";
import type { ChannelId } from "../../src/core/device.js";
import type { Problem } from "../../src/core/problem.js";
import type { ValueKind } from "../../src/core/value.js";
import { type EventReader, eventReaderOf } from "../payload/event-reader.js";
import { type Reader, readerOf } from "../payload/reader.js";
import { type Writer, writerOf } from "../payload/writer.js";
import { type Qos, readChannelAddress, readDeviceAddress } from "./addresses.js";
import { type AvailabilityReader, availabilityReaderOf } from "./availability.js";

/** Bytes; larger payloads are dropped unread. */
export const largestState = 64 * 1024;
export const largestImage = 2 * 1024 * 1024;

/** One channel's ear on a topic. */
export interface Ear {
  readonly channel: ChannelId;
  readonly filter: string;
  readonly qos: Qos;
  /** Bytes. */
  readonly largest: number;
  readonly hears: { readonly state: Reader } | { readonly event: EventReader };
}

/** One channel's voice. */
interface Voice {
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly write: Writer;
}

/** A device's addresses, opened: what it listens to and what it can say. */
export interface Wiring {
  readonly availability: { readonly filter: string; readonly read: AvailabilityReader } | undefined;
  readonly ears: readonly Ear[];
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
  const problems = own.problems.map(at("address"));
  const ears: Ear[] = [];
  const voices = new Map<ChannelId, Voice>();
  const access: Record<ChannelId, ChannelAccess> = {};
  for (const [channel, { value, address: sealed }] of Object.entries(device.channels)) {
    const { address, problems: found } = readChannelAddress(value, sealed, own.base);
    problems.push(...found.map(at("channels", channel, "address")));
    access[channel] = { readable: address?.state !== undefined, writable: address?.command !== undefined };
    if (address?.state !== undefined) {
      const hears =
        value.kind === "event"
          ? { event: eventReaderOf(address.conversion) }
          : { state: readerOf(value, address.conversion) };
      ears.push({ channel, filter: address.state, qos: address.qos, largest: largestFor(value.kind), hears });
    }
    if (address?.command !== undefined) {
      const { command, qos, retain, conversion, template } = address;
      voices.set(channel, { topic: command, qos, retain, write: writerOf(value, conversion, template) });
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

function largestFor(kind: ValueKind): number {
  return kind === "image" ? largestImage : largestState;
}

function at(...base: readonly string[]): (problem: Problem) => Problem {
  return (problem) => ({ ...problem, path: [...base, ...problem.path] });
}
