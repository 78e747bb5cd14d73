import type { Shape } from "./hunter.js";

/** Where a frame says how long it is. `add`: bytes of the frame that its number does not count. */
export interface LengthField {
  readonly at: number;
  readonly size: 1 | 2;
  readonly order: "le" | "be";
  readonly add: number;
}

// The rest of a frame follows at once, or never: what comes later is the next one.
const longestPause = 1000;

/** Frames of one length, or of a length that they say themselves; sync bytes are part of them. */
export function lengthShape(framing: {
  readonly length: number | LengthField;
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  readonly max: number;
}): Shape {
  const { length, start, end, max } = framing;
  const least = shortestFrame(framing);
  return {
    start,
    limit: typeof length === "number" ? length : max,
    isSliding: true,
    overlap: 0,
    silence: longestPause,
    measure(held) {
      const size = typeof length === "number" ? length : saidLength(held, length);
      if (size === undefined) return undefined;
      if (size < least || size > max) return "broken";
      if (held.length < size) return undefined;
      const isEnded = end.every((byte, index) => held[size - end.length + index] === byte);
      return isEnded ? { to: size, end: size } : "broken";
    },
  };
}

export function shortestFrame(framing: {
  readonly length: number | LengthField;
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}): number {
  const { length, start, end } = framing;
  return Math.max(1, start.length, typeof length === "number" ? 0 : length.at + length.size) + end.length;
}

function saidLength(held: Uint8Array, { at, size, order, add }: LengthField): number | undefined {
  if (held.length < at + size) return undefined;
  const view = new DataView(held.buffer, held.byteOffset + at, size);
  return add + (size === 1 ? view.getUint8(0) : view.getUint16(0, order === "le"));
}
