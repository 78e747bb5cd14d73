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
import {
  type DeviceWords,
  draftOf,
  type RequestDraft,
  type RequestWords,
  requestProblems,
  requestShape,
  wholeRequest,
} from "./request-words.js";
import { timeout } from "./settings.js";

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
};

/** What editors know: beside its own words, an address has those that the channels' addresses have in braces. */
export const deviceAddress = z.object(deviceShape).catchall(scalar);

export const channelAddress = strict({
  ...requestShape,
  every: every.exactOptional(),
  command: wholeRequest
    .describe("The request that tells it a value, with {value}; this makes it writable.")
    .exactOptional(),
  position: wholeRequest
    .describe("How a cover is told a position, where that differs from how it is told a word.")
    .exactOptional(),
  ...conversionShape,
});

/** What is asked for at intervals. */
export interface Source {
  readonly request: RequestDraft;
  /** Milliseconds. */
  readonly every: number;
}

export type CommandWay = RequestWords & { readonly url: string };

export interface DeviceAddress {
  readonly source: Source | undefined;
  readonly words: DeviceWords;
  readonly parameters: Parameters;
}

export interface ChannelAddress {
  readonly source: Source | undefined;
  readonly command: CommandWay | undefined;
  /** For the positions of a cover. */
  readonly position: CommandWay | undefined;
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
  const common = { headers: words.headers ?? {}, auth: words.auth, tls: words.tls, timeout: words.timeout };
  return { address: { source: sourceOf(words, common), words: common, parameters }, problems };
}

/** Paths of the problems start at the address. */
export function readChannelAddress(
  spec: ValueSpec,
  sealed: unknown,
  device: DeviceAddress,
): Read<ChannelAddress> {
  const { words = {}, problems } = readWords(channelAddress, fill(sealed, device.parameters));
  const { command, position, every, url, method, headers, body, contentType, ...conversion } = words;
  const isRead = url !== undefined || readsDevice(spec, conversion, command);
  const source = url !== undefined ? sourceOf(words, device.words) : isRead ? device.source : undefined;
  // What seems to be missing may stand behind a misspelt key.
  if (problems.length === 0) {
    const isTold = command !== undefined;
    problems.push(
      ...purposeProblems(spec.kind, { isRead: isRead && (url ?? source) !== undefined, isTold }, purpose),
    );
  }
  problems.push(
    ...requestProblems(words),
    ...misfits(spec.kind, conversion),
    ...commandProblems(spec, words),
  );
  if (every !== undefined && url === undefined) {
    problems.push({
      path: ["every"],
      message: "needs a `url` beside it; the device's is asked once for all of its channels",
    });
  }
  return { address: { source, command, position, conversion }, problems };
}

/** What can be told, and says nothing of where its value is, is not read. */
function readsDevice({ kind }: ValueSpec, conversion: Conversion, command: CommandWay | undefined): boolean {
  if (kind === "button") return false;
  return command === undefined || isFound(conversion);
}

const purpose = {
  read: "url",
  write: "command",
  noun: "URL",
  neither: "needs a `url` to read, here or at the device, a `command` (the request that tells it), or both",
};

function commandProblems(
  { kind }: ValueSpec,
  { command, position }: z.output<typeof channelAddress>,
): readonly Problem[] {
  const problems = Object.entries({ command, position }).flatMap(([word, way]) => {
    if (way === undefined) return [];
    const found = requestProblems(way);
    if (kind !== "button" && !isFilledIn(way)) {
      found.push({
        path: [],
        message: "has no {value} in its URL or body, so all values would be told alike",
      });
    }
    return found.map(({ path, message }) => ({ path: [word, ...path], message }));
  });
  if (position !== undefined && kind !== "cover")
    problems.push({ path: ["position"], message: `does not fit the kind ${kind}; it is for cover` });
  if (position !== undefined && command === undefined)
    problems.push({ path: ["position"], message: "needs a `command` beside it" });
  return problems;
}

function isFilledIn({ url, body = "" }: CommandWay): boolean {
  return /\{(value|red|green|blue|x|y)\}/.test(`${url} ${body}`);
}

function sourceOf(
  words: RequestWords & { readonly every?: number },
  device: DeviceWords,
): Source | undefined {
  const { url } = words;
  if (url === undefined || requestProblems(words).length > 0) return undefined;
  return { request: draftOf({ ...words, url }, device), every: words.every ?? usualEvery };
}
