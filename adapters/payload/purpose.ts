import type { Problem } from "../../src/core/problem.js";
import type { ValueKind } from "../../src/core/value.js";

/** How an adapter's addresses say that a channel is read, and that it is told something. */
interface PurposeWords {
  readonly read: string;
  readonly write: string;
  /** What each of them gives, as in "the kind button needs its topic". */
  readonly noun: string;
  /** What to say of an address that has neither. */
  readonly neither: string;
}

const readOnlyKinds: readonly ValueKind[] = ["contact", "location", "image", "event"];

/** Whether a channel is read and told as its kind allows. Paths start at the address. */
export function purposeProblems(
  kind: ValueKind,
  { isRead, isTold }: { readonly isRead: boolean; readonly isTold: boolean },
  { read, write, noun, neither }: PurposeWords,
): readonly Problem[] {
  const missing = (word: string) => ({
    path: [word],
    message: `is missing; the kind ${kind} needs its ${noun}`,
  });
  const misplaced = (word: string, why: string) => ({
    path: [word],
    message: `does not fit the kind ${kind}, which ${why}`,
  });
  if (kind === "button") {
    return [...(isRead ? [misplaced(read, "has no state")] : []), ...(isTold ? [] : [missing(write)])];
  }
  if (readOnlyKinds.includes(kind)) {
    return [...(isRead ? [] : [missing(read)]), ...(isTold ? [misplaced(write, "can only be read")] : [])];
  }
  return isRead || isTold ? [] : [{ path: [], message: neither }];
}
