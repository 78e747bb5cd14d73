import type { AddressedDevice, ChannelAccess } from "../../../src/core/adapter.js";
import type { ChannelId } from "../../../src/core/device.js";
import { GatewayError } from "../../../src/core/errors.js";
import { below, type Problem } from "../../../src/core/problem.js";
import type { CommandValue, ValueSpec } from "../../../src/core/value.js";
import { Payload } from "../../payload/payload.js";
import { readerOf } from "../../payload/reader.js";
import { writerOf } from "../../payload/writer.js";
import {
  type ChannelAddress,
  type DeviceAddress,
  readChannelAddress,
  readDeviceAddress,
} from "./addresses.js";
import { type Block, blocksOf, type Place } from "./blocks.js";
import { type Question, writeCoil, writeRegisters } from "./frames.js";
import { readRegisters, registersOf, writtenRegisters } from "./registers.js";

/** What a unit is told so that a channel has a value. */
export interface Wish {
  /** Throws "adapter-failed" for a value that no register can hold. */
  ask(value: CommandValue): Question;
  /** Saying it twice does no more than saying it once. */
  readonly isRepeatable: boolean;
}

/** A device's addresses, opened. */
export interface ModbusWiring extends Pick<DeviceAddress, "unit" | "every" | "timeout"> {
  readonly blocks: readonly Block[];
  readonly wishes: ReadonlyMap<ChannelId, Wish>;
}

interface ReadDevice {
  /** `undefined` where the device's own address is wrong. */
  readonly wiring: ModbusWiring | undefined;
  readonly access: Readonly<Record<ChannelId, ChannelAccess>>;
  /** Paths start at the device. */
  readonly problems: readonly Problem[];
}

/** What a channel takes from its device where that is wrong itself. */
const usual = { table: "holding", type: "uint16", order: "big" } as const;

export function readModbusDevice(device: AddressedDevice): ReadDevice {
  const { address: own, problems: wrong } = readDeviceAddress(device.address);
  const problems = wrong.map(below("address"));
  const places: Place[] = [];
  const wishes = new Map<ChannelId, Wish>();
  const access: Record<ChannelId, ChannelAccess> = {};
  for (const [channel, { value, address: sealed }] of Object.entries(device.channels)) {
    const { address, problems: found } = readChannelAddress(value, sealed, own ?? usual);
    problems.push(...found.map(below("channels", channel, "address")));
    const place = address && placeOf(channel, value, address);
    const wish = address && own && wishOf(own.unit, value, address);
    if (place !== undefined) places.push(place);
    if (wish !== undefined) wishes.set(channel, wish);
    access[channel] = {
      readable: place !== undefined,
      writable: address?.write !== undefined,
      // With the retries, and the time for which a unit that was late is left alone.
      ...(own && { staleAfter: 3 * (own.every + 3 * own.timeout) }),
    };
  }
  return { wiring: own && { ...own, blocks: blocksOf(places, own.gap), wishes }, access, problems };
}

function placeOf(channel: ChannelId, spec: ValueSpec, address: ChannelAddress): Place | undefined {
  const { table, layout, register, conversion } = address;
  if (register === undefined) return undefined;
  const read = readerOf(spec, conversion);
  const isBit = table === "coil" || table === "discrete";
  return {
    channel,
    table,
    register,
    count: isBit ? 1 : registersOf(layout),
    read: (bytes) => {
      const number = isBit ? bytes[0] : readRegisters(layout, bytes);
      return number === undefined ? undefined : read(new Payload(Buffer.from(String(number))));
    },
  };
}

function wishOf(unit: number, spec: ValueSpec, address: ChannelAddress): Wish | undefined {
  const { table, layout, write, conversion } = address;
  if (write === undefined) return undefined;
  const { register, multiple } = write;
  const say = writerOf(spec, conversion);
  const ask = (value: CommandValue): Question => {
    const word = say(value);
    const number = word.trim() === "" ? Number.NaN : Number(word);
    if (Number.isNaN(number))
      throw refusal(`"${word}" is no number; the channel's address has to say which stands for it`);
    if (table === "coil" || table === "discrete") {
      if (number === 0 || number === 1) return writeCoil(unit, register, number === 1, multiple);
      throw refusal(`${word} does not fit a single bit, which is 0 or 1`);
    }
    const data = writtenRegisters(layout, number);
    if (data === undefined) throw refusal(`${word} does not fit ${layout.type}`);
    return writeRegisters(unit, register, data, multiple);
  };
  return { ask, isRepeatable: spec.kind !== "button" };
}

function refusal(sentence: string): GatewayError {
  return new GatewayError("adapter-failed", `${sentence}.`);
}
