import type { ValueKind } from "../../src/core/value.js";

/** Bytes of one message; what is longer is dropped unread. */
export const largestState = 64 * 1024;
export const largestImage = 2 * 1024 * 1024;

/** How long a message may be that a channel of this kind reads. */
export function largestFor(kind: ValueKind): number {
  return kind === "image" ? largestImage : largestState;
}
