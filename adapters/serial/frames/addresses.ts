import { z } from "zod";
import { below, type Problem } from "../../../src/core/problem.js";
import type { ValueSpec } from "../../../src/core/value.js";
import { durationBetween, strict } from "../../../src/schema.js";
import { type Conversion, conversionShape, misfits, scalar } from "../../payload/conversion.js";
import { isFound } from "../../payload/finding.js";
import { fill, type Parameters, takeParameters } from "../../payload/parameters.js";
import { compilePattern, type Pattern } from "../../payload/pattern.js";
import { purposeProblems } from "../../payload/purpose.js";
import { ruleOf } from "../../payload/rule.js";
import { readWords, strictBeside } from "../../payload/words.js";
import { type Script, type Telegram, telegram, telegramProblems } from "./telegram.js";

const poll = strict({
  send: telegram.describe("What asks for it."),
  every: durationBetween(100, 86_400_000, "100ms to 1d").describe("How often. Default: 10s.").default(10_000),
  timeout: durationBetween(20, 30_000, "20ms to 30s")
    .describe("How long an answer may take. Default: 1s.")
    .default(1000),
  retries: z
    .int("is no number of retries; write 0 to 5")
    .min(0)
    .max(5)
    .describe("How often it is asked again when nothing comes. Default: 2.")
    .default(2),
});
/** What is asked again and again; times in milliseconds. */
export type PollWords = z.output<typeof poll>;

const deviceShape = {
  match: ruleOf("is no text; put the expression in quotes", compilePattern)
    .describe("A regular expression (RE2) that tells which messages are this device's. Default: all.")
    .exactOptional(),
  every: durationBetween(100, 86_400_000, "100ms to 1d")
    .describe("How often it reports by itself; after three times that in silence it is offline.")
    .exactOptional(),
  poll: poll.describe("What asks it for its values.").exactOptional(),
};

/** What editors know: beside its own words, an address has those that the channels' addresses have in braces. */
export const deviceAddress = z.object(deviceShape).catchall(scalar);

export const channelAddress = strict({
  send: telegram
    .describe("What is sent when it is told a value, with {value} where that goes; this makes it writable.")
    .exactOptional(),
  poll: poll.describe("What asks for this channel alone.").exactOptional(),
  ...conversionShape,
});

export interface ChannelAddress {
  readonly isRead: boolean;
  readonly send: Telegram | undefined;
  readonly poll: PollWords | undefined;
  readonly conversion: Conversion;
}

interface DeviceAddress {
  readonly match?: Pattern;
  readonly every?: number;
  readonly poll?: PollWords;
}

interface Read<Address> {
  readonly address: Address | undefined;
  readonly problems: readonly Problem[];
}

/** Paths of the problems start at the address. The parameters are for the addresses of the device's `channels`. */
export function readDeviceAddress(
  sealed: unknown,
  channels: readonly unknown[],
  script: Script,
): Read<DeviceAddress> & { readonly parameters: Parameters } {
  const own = Object.keys(deviceShape);
  const { parameters, known, rest, problems: wrong } = takeParameters(sealed, channels, { own });
  const { words, problems } = readWords(strictBeside(deviceShape, known), fill(rest, parameters));
  problems.push(...wrong, ...pollProblems(words?.poll, script));
  return { address: words, problems, parameters };
}

const purpose = {
  read: "match",
  write: "send",
  noun: "telegram",
  neither: "needs `match` (what to read), `send` (what to write), or both",
};

/** Paths of the problems start at the address. */
export function readChannelAddress(
  spec: ValueSpec,
  sealed: unknown,
  parameters: Parameters,
  script: Script,
): Read<ChannelAddress> {
  const { words, problems } = readWords(channelAddress, fill(sealed, parameters));
  if (words === undefined) return { address: undefined, problems };
  const { send, poll, ...conversion } = words;
  // Without a way of finding it, the whole message is the value; but a channel that is told values may be told alone.
  const isRead = isFound(conversion) || poll !== undefined || send === undefined;
  if (problems.length === 0)
    problems.push(
      ...purposeProblems(
        spec.kind,
        { isRead: isRead && spec.kind !== "button", isTold: send !== undefined },
        purpose,
      ),
    );
  if (send !== undefined) {
    const value = spec.kind === "button" ? "possible" : "wanted";
    problems.push(...telegramProblems(send, script, value).map(below("send")));
  }
  problems.push(...misfits(spec.kind, conversion), ...pollProblems(poll, script));
  return { address: { isRead, send, poll, conversion }, problems };
}

function pollProblems(words: PollWords | undefined, script: Script): readonly Problem[] {
  return words === undefined ? [] : telegramProblems(words.send, script, "none").map(below("poll", "send"));
}
