import type { Shape } from "./hunter.js";

const lineFeed = 10;
const carriageReturn = 13;

/** Lines that end in "\n", "\r\n" or "\r". Empty lines are no frames. */
export function lineShape(line: { readonly start: Uint8Array; readonly max: number }): Shape {
  return {
    start: line.start,
    limit: line.max + 1,
    isSliding: line.start.length > 0,
    overlap: 0,
    isFiller: isLineEnd,
    measure(held, seen) {
      for (let at = seen; at < held.length; at++) {
        if (isLineEnd(held[at])) return { to: at, end: at + 1 };
      }
      return undefined;
    },
  };
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
