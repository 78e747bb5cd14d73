import { z } from "zod";
import type { JsonValue } from "../../src/core/json.js";
import { refuse } from "../../src/core/value-refusal.js";
import { strict } from "../../src/schema.js";

type Numeric = { readonly length: number; readonly isFlags?: true; read(bytes: Buffer): number };

const numbers = {
  uint8: unsigned(1, (bytes) => bytes.readUInt8()),
  int8: { length: 1, read: (bytes) => bytes.readInt8() },
  uint16le: unsigned(2, (bytes) => bytes.readUInt16LE()),
  uint16be: unsigned(2, (bytes) => bytes.readUInt16BE()),
  int16le: { length: 2, read: (bytes) => bytes.readInt16LE() },
  int16be: { length: 2, read: (bytes) => bytes.readInt16BE() },
  uint24le: unsigned(3, (bytes) => bytes.readUIntLE(0, 3)),
  uint24be: unsigned(3, (bytes) => bytes.readUIntBE(0, 3)),
  uint32le: unsigned(4, (bytes) => bytes.readUInt32LE()),
  uint32be: unsigned(4, (bytes) => bytes.readUInt32BE()),
  int32le: { length: 4, read: (bytes) => bytes.readInt32LE() },
  int32be: { length: 4, read: (bytes) => bytes.readInt32BE() },
  float32le: { length: 4, read: (bytes) => Number(bytes.readFloatLE().toPrecision(7)) },
  float32be: { length: 4, read: (bytes) => Number(bytes.readFloatBE().toPrecision(7)) },
  float64le: { length: 8, read: (bytes) => bytes.readDoubleLE() },
  float64be: { length: 8, read: (bytes) => bytes.readDoubleBE() },
} as const satisfies Readonly<Record<string, Numeric>>;
type NumericType = keyof typeof numbers;

const numericTypes = Object.keys(numbers) as NumericType[];
/** Those that need a length, and read the rest of the frame without one. */
const stretches = ["bcd", "text", "hex"] as const;

function unsigned(length: number, read: (bytes: Buffer) => number): Numeric {
  return { length, isFlags: true, read };
}

/** Where a value stands in a binary frame. */
export const bytesPlace = strict({
  at: z.int("is no whole number; the first byte is 0, the last -1"),
  type: z.enum([...numericTypes, ...stretches]),
  length: z.int("is no number of bytes").min(1).max(1024).exactOptional(),
  bit: z.int("is no bit; the lowest is 0").min(0).max(31).exactOptional(),
  mask: z.int("is no mask; write for example 0x0f").min(1).max(0xff_ff_ff_ff).exactOptional(),
}).superRefine(({ type, length, bit, mask }, context) => {
  const add = (word: string, message: string) => context.addIssue({ code: "custom", path: [word], message });
  const numeric = numericOf(type);
  if (numeric !== undefined && length !== undefined)
    add("length", `does not go with ${type}, which has ${numeric.length}; it is for ${stretches.join(", ")}`);
  const flag = bit === undefined ? "mask" : "bit";
  if ((bit ?? mask) !== undefined && numeric?.isFlags === undefined)
    add(flag, `does not go with ${type}; it is for whole numbers without a sign, such as uint8`);
  else if (numeric !== undefined && (bit ?? 0) >= numeric.length * 8)
    add("bit", `is beyond ${type}, which has the bits 0 to ${numeric.length * 8 - 1}`);
  if (bit !== undefined && mask !== undefined) add("mask", "does not go with bit; one of them is enough");
});
type BytesPlace = z.output<typeof bytesPlace>;

/** Throws "value-invalid" where the frame is too short, or holds no such value. */
export function valueAt(frame: Uint8Array, { at, type, length, bit, mask }: BytesPlace): JsonValue {
  const start = at < 0 ? frame.length + at : at;
  const numeric = numericOf(type);
  const end = start + (numeric?.length ?? length ?? Math.max(1, frame.length - start));
  if (start < 0 || end > frame.length)
    return refuse(`The message has ${frame.length} bytes; those from ${start} to ${end - 1} are wanted.`);
  const bytes = Buffer.from(frame.buffer, frame.byteOffset + start, end - start);
  if (numeric === undefined) return stretchOf(bytes, type);
  const value = numeric.read(bytes);
  if (bit !== undefined) return Math.floor(value / 2 ** bit) % 2;
  if (mask !== undefined) return masked(value, mask);
  return Number.isFinite(value) ? value : refuse(`${value} is no number.`);
}

function numericOf(type: string): Numeric | undefined {
  return numericTypes.includes(type as NumericType) ? numbers[type as NumericType] : undefined;
}

/** The bits of the mask, moved down to the lowest. */
function masked(value: number, mask: number): number {
  const lowest = 31 - Math.clz32(mask & -mask);
  return ((value & mask) >>> 0) >>> lowest;
}

function stretchOf(bytes: Buffer, type: string): JsonValue {
  const hex = bytes.toString("hex");
  if (type === "hex") return hex;
  // Fields of a fixed length are filled up with zeros or spaces.
  if (type === "text") return bytes.toString("utf8").replace(/\0.*$/s, "").trim();
  return /^\d{1,15}$/.test(hex) ? Number(hex) : refuse(`${hex} is no number in BCD.`);
}
