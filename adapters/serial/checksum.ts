import crc8 from "crc/calculators/crc8";
import crc16Arc from "crc/calculators/crc16";
import crc16Modbus from "crc/calculators/crc16modbus";
import crc8Maxim from "crc/calculators/crc81wire";
import { z } from "zod";
import { strict } from "../../src/schema.js";
import type { Check } from "./framing/framer.js";

interface Sum {
  readonly width: 1 | 2;
  over(bytes: Uint8Array): number;
}

const sums = {
  sum8: { width: 1, over: (bytes) => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0) },
  xor8: { width: 1, over: (bytes) => bytes.reduce((sum, byte) => sum ^ byte, 0) },
  // Polynomial 07, as in SMBus.
  crc8: { width: 1, over: (bytes) => crc8(bytes) },
  // The one of 1-Wire.
  "crc8-maxim": { width: 1, over: (bytes) => crc8Maxim(bytes) },
  "crc16-modbus": { width: 2, over: (bytes) => crc16Modbus(bytes) },
  // CRC-16/ARC
  "crc16-dsmr": { width: 2, over: (bytes) => crc16Arc(bytes) },
} as const satisfies Record<string, Sum>;
type Kind = keyof typeof sums;
const kinds = Object.keys(sums) as [Kind, ...Kind[]];

type Order = "le" | "be";

/** What is counted: from `from` up to the check, or to the end of the frame where the check stands before `from`. */
export interface Checksum {
  readonly kind: Kind;
  readonly from: number;
  /** As hex digits after a marker that is counted or not; or as bytes, from the end where `at` is negative. */
  readonly where:
    | { readonly marker: Uint8Array; readonly isCounted: boolean }
    | { readonly at: number; readonly order: Order };
}

const wholeNumber = z.int();
const longestFrame = 16_384;

const words = strict({
  kind: z.enum(kinds).describe("How the check is counted."),
  from: wholeNumber
    .min(0)
    .max(longestFrame)
    .describe("The first byte that is counted; the first of the frame is 0. Default: 0.")
    .default(0),
  marker: z
    .string("is no text; put it in quotes")
    .min(1, 'is empty; write for example "*"')
    .max(16, "is longer than 16 characters")
    .describe("The check follows this as hex digits, such as * in $GPGGA,...*47.")
    .exactOptional(),
  at: wholeNumber
    .min(-longestFrame)
    .max(longestFrame)
    .describe("The check stands here as a byte or two; -1 is the last byte. Default: the end of the frame.")
    .exactOptional(),
  order: z
    .enum(["le", "be"])
    .describe("Which of two bytes comes first: le the low one, be the high one. Default: le.")
    .exactOptional(),
});

const section = words
  .superRefine((given, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const { width } = sums[given.kind];
    const { at, from } = given;
    if (given.marker !== undefined && at !== undefined)
      wrong("at", "says where the check is, and so does `marker`; leave one of them out");
    if (given.order !== undefined && width === 1)
      wrong("order", `means nothing to ${given.kind}, which is one byte`);
    else if (given.order !== undefined && "marker" in whereOf(given))
      wrong("order", "means nothing to hex digits; leave it out");
    if (at === undefined) return;
    if (at < 0 && at > -width) wrong("at", `leaves no room for ${width} bytes; write ${-width}`);
    if (at === from)
      wrong("at", "is where counting begins, so nothing would be counted; move `from` or `at`");
    else if (at >= 0 && at < from && from < at + width)
      wrong("from", `lies within the check; write ${at + width} or more`);
  })
  .transform((given): Checksum => ({ kind: given.kind, from: given.from, where: whereOf(given) }));

function whereOf(given: z.output<typeof words>): Checksum["where"] {
  const marker = given.marker ?? (given.kind === "crc16-dsmr" && given.at === undefined ? "!" : undefined);
  if (marker !== undefined) return { marker: Buffer.from(marker), isCounted: given.kind === "crc16-dsmr" };
  return { at: given.at ?? -sums[given.kind].width, order: given.order ?? "le" };
}

const nmea: Checksum = { kind: "xor8", from: 1, where: { marker: Buffer.from("*"), isCounted: false } };

/** Where a frame carries its check, and how it is counted. A name alone stands for the usual place. */
export const checksum = z.union(
  [
    z
      .enum(["nmea", ...kinds])
      .transform((name): Checksum => (name === "nmea" ? nmea : section.parse({ kind: name }))),
    section,
  ],
  { error: `is no check; write nmea, ${kinds.join(", ")}, or { kind, from, marker, at, order }` },
);

/** How many bytes it takes where it is no hex digits. */
export function widthOf({ kind }: Checksum): number {
  return sums[kind].width;
}

/** Tells good frames from bad ones. A check at the end is cut off; one inside stays, so that offsets do. */
export function checkerOf(given: Checksum): Check {
  const { where } = given;
  return "marker" in where
    ? (frame) => checkedText(frame, given, where)
    : (frame) => checkedBytes(frame, given, where);
}

const blank = /[\r\n\t ]+$/;

function checkedText(
  frame: Uint8Array,
  { kind, from }: Checksum,
  { marker, isCounted }: { readonly marker: Uint8Array; readonly isCounted: boolean },
): Uint8Array | undefined {
  const buffer = bufferOf(frame);
  const at = buffer.lastIndexOf(marker);
  if (at < 0) return undefined;
  const digits = buffer.toString("latin1", at + marker.length).replace(blank, "");
  const counted = buffer.subarray(0, isCounted ? at + marker.length : at);
  if (from >= counted.length) return undefined;
  return digits.toUpperCase() === digitsOf(kind, counted.subarray(from)) ? counted : undefined;
}

function checkedBytes(
  frame: Uint8Array,
  { kind, from }: Checksum,
  where: { readonly at: number; readonly order: Order },
): Uint8Array | undefined {
  const { width } = sums[kind];
  const at = where.at < 0 ? frame.length + where.at : where.at;
  if (at < 0 || at + width > frame.length) return undefined;
  const counted = frame.subarray(from, at < from ? frame.length : at);
  if (counted.length === 0) return undefined;
  const expected = bytesOf(kind, counted, where.order);
  if (!expected.every((byte, index) => frame[at + index] === byte)) return undefined;
  return at + width === frame.length ? frame.subarray(0, at) : frame;
}

/**
 * What completes a frame that we write: hex digits or bytes, to stand between `before` and `after`. A check is where
 * the two meet, whatever `at` says; `after` is counted only where the check stands before all that it counts.
 */
export function checksumFor(
  { kind, from, where }: Checksum,
  before: Uint8Array,
  after: Uint8Array = new Uint8Array(),
): Uint8Array {
  if (!("marker" in where)) {
    const { width } = sums[kind];
    const isAhead = from >= before.length + width;
    const counted = isAhead ? after.subarray(from - before.length - width) : before.subarray(from);
    return bytesOf(kind, counted, where.order);
  }
  const at = bufferOf(before).lastIndexOf(where.marker);
  const counted = at < 0 || where.isCounted ? before : before.subarray(0, at);
  return Buffer.from(digitsOf(kind, counted.subarray(from)));
}

function digitsOf(kind: Kind, counted: Uint8Array): string {
  const { width, over } = sums[kind];
  return over(counted)
    .toString(16)
    .toUpperCase()
    .padStart(2 * width, "0");
}

function bytesOf(kind: Kind, counted: Uint8Array, order: Order): Uint8Array {
  const { width, over } = sums[kind];
  const sum = over(counted);
  const low = sum & 0xff;
  if (width === 1) return Uint8Array.of(low);
  return order === "le" ? Uint8Array.of(low, sum >> 8) : Uint8Array.of(sum >> 8, low);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
