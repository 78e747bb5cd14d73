import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import type { ValueSpec } from "../../src/core/value.js";
import { duration, strict } from "../../src/schema.js";
import { type Conversion, conversionShape, misfits, scalar } from "../payload/conversion.js";
import { isFound } from "../payload/finding.js";
import { fill, type Parameters, takeParameters } from "../payload/parameters.js";
import { purposeProblems } from "../payload/purpose.js";
import { readWords, strictBeside } from "../payload/words.js";
import { auth } from "./client/auth.js";
import { tls } from "./client/tls.js";
import { type CommandWords, command, commandProblems } from "./command-words.js";
import { type Hook, hook } from "./hooks/settings.js";
import {
  type DeviceWords,
  draftOf,
  type RequestDraft,
  type RequestWords,
  requestProblems,
  requestShape,
} from "./request-words.js";
import { timeout } from "./settings.js";
import { type EventsWords, events, isWebSocketOf } from "./streams/settings.js";

/** Milliseconds between two polls: fresh enough for most things, and no burden for a small device or a public service. */
const usualEvery = 60_000;

const every = duration
  .refine((milliseconds) => milliseconds >= 500, "is less than 500ms, which is too often to ask")
  .describe("How often it is asked. Default: 60s.");

const deviceShape = {
  ...requestShape,
  every: every.exactOptional(),
  auth: auth.describe("The login, where it is not the adapter's.").exactOptional(),
  tls: tls.describe("Whom to trust, where it is not as the adapter says.").exactOptional(),
  timeout: timeout.exactOptional(),
  events: events
    .describe("A source that tells by itself: server-sent events, or a WebSocket.")
    .exactOptional(),
  hook: hook.describe("A webhook that the device calls.").exactOptional(),
};

/** What editors know: beside its own words, an address has those that the channels' addresses have in braces. */
export const deviceAddress = z.object(deviceShape).catchall(scalar);

export const channelAddress = strict({
  ...requestShape,
  every: every.exactOptional(),
  from: z
    .enum(["poll", "events", "hook"])
    .describe("The only one of the device's sources that it reads: its url, its events or its hook.")
    .exactOptional(),
  command: command
    .describe("The request that tells it a value, with {value}; this makes it writable.")
    .exactOptional(),
  position: command
    .describe("How a cover is told a position, where that differs from how it is told a word.")
    .exactOptional(),
  ...conversionShape,
});
type ChannelWords = z.output<typeof channelAddress>;

/** What is asked for at intervals. */
export interface Source {
  readonly request: RequestDraft;
  /** Milliseconds. */
  readonly every: number;
}

export interface DeviceAddress {
  readonly source: Source | undefined;
  readonly events: EventsWords | undefined;
  readonly hook: Hook | undefined;
  readonly words: DeviceWords;
  /** What seems to be missing at a device with mistakes may be one of them. */
  readonly isSound: boolean;
  readonly parameters: Parameters;
}

/** Where a channel is read, if it is, and how it is told something. */
export interface ChannelAddress {
  readonly source: Source | undefined;
  readonly isFromEvents: boolean;
  readonly isFromHook: boolean;
  readonly command: CommandWords | undefined;
  /** For the positions of a cover. */
  readonly position: CommandWords | undefined;
  readonly conversion: Conversion;
}

interface Read<Address> {
  readonly address: Address;
  readonly problems: readonly Problem[];
}

/** Paths of the problems start at the address. The parameters are for the addresses of the device's `channels`. */
export function readDeviceAddress(sealed: unknown, channels: readonly unknown[]): Read<DeviceAddress> {
  const taken = takeParameters(sealed, channels, { own: Object.keys(deviceShape) });
  const { parameters, known } = taken;
  const { words = {}, problems } = readWords(strictBeside(deviceShape, known), fill(taken.rest, parameters));
  problems.push(...taken.problems, ...requestProblems(words));
  if (words.every !== undefined && words.url === undefined)
    problems.push({ path: ["every"], message: "needs a `url` beside it" });
  const { events, hook, auth, tls, timeout } = words;
  const common = { headers: words.headers ?? {}, auth, tls, timeout };
  return {
    address: {
      source: sourceOf(words, common),
      events,
      hook,
      words: common,
      isSound: problems.length === 0,
      parameters,
    },
    problems,
  };
}

/** Paths of the problems start at the address. */
export function readChannelAddress(
  spec: ValueSpec,
  sealed: unknown,
  device: DeviceAddress,
): Read<ChannelAddress> {
  const { words = {}, problems } = readWords(channelAddress, fill(sealed, device.parameters));
  const { command, position, from, every, url, method, headers, body, contentType, ...conversion } = words;
  const read = sourcesOf(spec, words, conversion, device);
  const hasSocket = !device.isSound || (device.events !== undefined && isWebSocketOf(device.events));
  // What seems to be missing may stand behind a misspelt key.
  if (problems.length === 0 && device.isSound) {
    const isRead = url !== undefined || from !== undefined || Object.values(read).some(Boolean);
    problems.push(...purposeProblems(spec.kind, { isRead, isTold: command !== undefined }, purpose));
  }
  problems.push(...requestProblems(words), ...misfits(spec.kind, conversion));
  problems.push(...sourceProblems(words, device), ...commandProblems(words, { kind: spec.kind, hasSocket }));
  return { address: { ...read, command, position, conversion }, problems };
}

/** All that the device has, unless the address names one; what happens is heard rather than polled where it can be. */
function sourcesOf(
  { kind }: ValueSpec,
  words: ChannelWords,
  conversion: Conversion,
  device: DeviceAddress,
): Pick<ChannelAddress, "source" | "isFromEvents" | "isFromHook"> {
  const { url, from, command } = words;
  if (url !== undefined) {
    return { source: sourceOf(words, device.words), isFromEvents: false, isFromHook: false };
  }
  // What can be told, and does not say where its value is, is not read.
  const isRead = kind !== "button" && (command === undefined || from !== undefined || isFound(conversion));
  const reads = (way: ChannelWords["from"]) => isRead && (from ?? way) === way;
  const isFromEvents = device.events !== undefined && reads("events");
  const isFromHook = device.hook !== undefined && reads("hook");
  const isTold = kind === "event" && from === undefined && (isFromEvents || isFromHook);
  return { source: reads("poll") && !isTold ? device.source : undefined, isFromEvents, isFromHook };
}

function sourceProblems({ url, every, from }: ChannelWords, device: DeviceAddress): readonly Problem[] {
  const problems: Problem[] = [];
  if (every !== undefined && url === undefined) {
    const message = "needs a `url` beside it; the device's is asked once for all of its channels";
    problems.push({ path: ["every"], message });
  }
  if (from !== undefined && url !== undefined)
    problems.push({ path: ["from"], message: "stands beside `url`, which says already where it reads" });
  const missing = { poll: device.source, events: device.events, hook: device.hook };
  if (from !== undefined && device.isSound && missing[from] === undefined) {
    const word = from === "poll" ? "url" : from;
    problems.push({ path: ["from"], message: `is ${from}, but the device has no \`${word}\`` });
  }
  return problems;
}

const purpose = {
  read: "url",
  write: "command",
  noun: "URL",
  neither:
    "needs something to read (a `url` here, or a `url`, `events` or `hook` at the device), a `command`, or both",
};

function sourceOf(
  words: RequestWords & { readonly every?: number },
  device: DeviceWords,
): Source | undefined {
  const { url } = words;
  if (url === undefined || requestProblems(words).length > 0) return undefined;
  return { request: draftOf({ ...words, url }, device), every: words.every ?? usualEvery };
}
