import type { AddressedDevice, ChannelAccess } from "../../../src/core/adapter.js";
import type { ChannelId } from "../../../src/core/device.js";
import { below, type Problem } from "../../../src/core/problem.js";
import type { CommandValue } from "../../../src/core/value.js";
import { type Ear, earOf } from "../../payload/ear.js";
import { isFound } from "../../payload/finding.js";
import type { Pattern } from "../../payload/pattern.js";
import { type PollWords, readChannelAddress, readDeviceAddress } from "./addresses.js";
import { bytesOf, type Script, voiceOf } from "./telegram.js";

/** How a channel hears the line. */
export interface LineEar extends Ear {
  /** A message whose beginning was lost cannot be taken for a whole one. */
  readonly isCertain: boolean;
  /** The message says nothing of what it is: it counts only as the answer to the channel's own question. */
  readonly isBare: boolean;
  /** What asks for it, by its key; `undefined` where it speaks by itself. */
  readonly poll: string | undefined;
}

/** A question that is asked again and again; times in milliseconds. */
export interface Poll extends Omit<PollWords, "send"> {
  /** Equal questions have equal keys. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A device's addresses, opened: which messages are its, what it hears, what it is asked and what it can be told. */
export interface FrameWiring {
  readonly match: Pattern | undefined;
  /** Milliseconds between the reports that it makes by itself. */
  readonly every: number | undefined;
  readonly ears: readonly LineEar[];
  readonly polls: readonly Poll[];
  readonly voices: ReadonlyMap<ChannelId, (value: CommandValue) => Uint8Array>;
}

interface ReadDevice {
  readonly wiring: FrameWiring;
  readonly access: Readonly<Record<ChannelId, ChannelAccess>>;
  /** Paths start at the device. */
  readonly problems: readonly Problem[];
}

export function readFrameDevice(device: AddressedDevice, script: Script): ReadDevice {
  const sealedChannels = Object.values(device.channels).map(({ address }) => address);
  const own = readDeviceAddress(device.address, sealedChannels, script);
  const problems = own.problems.map(below("address"));
  const polls = new Map<string, Poll>();
  const ask = (words: PollWords | undefined) => {
    const poll = words && problems.length === 0 ? pollOf(words, script) : undefined;
    if (poll !== undefined) polls.set(poll.key, poll);
    return poll;
  };
  const { match, every, poll: ofDevice } = own.address ?? {};
  const isOursForCertain = startsAtStart(device.address);
  const ears: LineEar[] = [];
  const voices = new Map<ChannelId, (value: CommandValue) => Uint8Array>();
  const access: Record<ChannelId, ChannelAccess> = {};
  for (const [channel, { value, address: sealed }] of Object.entries(device.channels)) {
    const { address, problems: found } = readChannelAddress(value, sealed, own.parameters, script);
    problems.push(...found.map(below("channels", channel, "address")));
    if (address === undefined) continue;
    const { isRead, send, conversion } = address;
    const words = address.poll ?? ofDevice;
    const readable = isRead && value.kind !== "button";
    const interval = words?.every ?? every;
    access[channel] = {
      readable,
      writable: send !== undefined,
      ...(readable && interval !== undefined ? { staleAfter: 3 * interval + patienceOf(words) } : {}),
    };
    if (found.length > 0) continue;
    if (readable) {
      const { extract, key } = conversion;
      ears.push({
        ...earOf(channel, value, conversion),
        isCertain: isOursForCertain || startsAtStart(sealed) || extract !== undefined || key !== undefined,
        isBare: words !== undefined && !isFound(conversion) && match === undefined,
        poll: ask(words)?.key,
      });
    }
    if (send !== undefined) voices.set(channel, voiceOf(send, script, value, conversion));
  }
  return { wiring: { match, every, ears, polls: [...polls.values()], voices }, access, problems };
}

function pollOf({ send, ...times }: PollWords, script: Script): Poll {
  const bytes = bytesOf(send, script);
  return { ...times, bytes, key: `${Buffer.from(bytes).toString("hex")}/${Object.values(times).join("/")}` };
}

function patienceOf(words: PollWords | undefined): number {
  return words === undefined ? 0 : words.timeout * (words.retries + 1);
}

/** Whether `match` sees to it that nothing is missing at the beginning. */
function startsAtStart(address: unknown): boolean {
  const { match } = Object(address);
  return typeof match === "string" && match.startsWith("^");
}
