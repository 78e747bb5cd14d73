import type { Shape } from "./hunter.js";

/** Frames that end in the same bytes, which are no part of them. */
export function delimiterShape(framing: {
  readonly delimiter: Uint8Array;
  readonly start: Uint8Array;
  readonly max: number;
}): Shape {
  const { delimiter, start, max } = framing;
  return {
    start,
    limit: max + delimiter.length,
    isSliding: start.length > 0,
    overlap: delimiter.length - 1,
    measure(held, seen) {
      const from = Math.max(start.length, seen - delimiter.length + 1);
      const at = Buffer.from(held.buffer, held.byteOffset, held.byteLength).indexOf(delimiter, from);
      return at < 0 ? undefined : { to: at, end: at + delimiter.length };
    },
  };
}
