/** The words of a two-state value in every human face: true first. */
export const booleanWords = ["on/off", "open/closed", "wet/dry", "detected/clear"] as const;
export type BooleanWords = (typeof booleanWords)[number];

/** What a channel may hold. A closed union: a new kind does not compile until every reader knows it. */
export type ValueSpec =
  | { readonly kind: "switch"; readonly words?: BooleanWords }
  | { readonly kind: "contact"; readonly words?: BooleanWords }
  | { readonly kind: "level" }
  | { readonly kind: "color" }
  | { readonly kind: "cover" }
  | {
      readonly kind: "number";
      readonly unit?: string;
      readonly min?: number;
      readonly max?: number;
      readonly step?: number;
    }
  | { readonly kind: "text" }
  | { readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly kind: "lock" }
  | { readonly kind: "datetime" }
  | { readonly kind: "location" }
  | { readonly kind: "image" }
  | { readonly kind: "button" }
  | { readonly kind: "event" };

export type ValueKind = ValueSpec["kind"];

export interface Location {
  readonly lat: number;
  readonly lon: number;
  /** Metres. */
  readonly accuracy?: number;
}

export interface Image {
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  readonly url?: string;
}

/** A value in its JSON form: what HTTP, history and tests see. */
export type Value = boolean | number | string | Location | Image;

const lockStates = ["locked", "unlocked", "locking", "unlocking", "jammed"] as const;
export type LockState = (typeof lockStates)[number];

/**
 * What goes down to a device: a value in its JSON form, or the one word that is no value: `stop` (cover), `press`
 * (button), `lock`, `unlock`, `open` (lock).
 */
export type CommandValue = boolean | number | string;

/** Whether two values of one channel are the same. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].every((key) => left.get(key) === right.get(key));
}
