import type { BooleanWords, ValueSpec } from "./value.js";

type TwoStateSpec = Extract<ValueSpec, { kind: "switch" | "contact" }>;

const wordsByClass = {
  "on/off": ["on", "off"],
  "open/closed": ["open", "closed"],
  "wet/dry": ["wet", "dry"],
  "detected/clear": ["detected", "clear"],
} as const satisfies Record<BooleanWords, readonly [string, string]>;

const always = new Map([
  ["on", true],
  ["off", false],
  ["true", true],
  ["false", false],
  ["yes", true],
  ["no", false],
  ["1", true],
  ["0", false],
]);

export function booleanClassOf(spec: TwoStateSpec): BooleanWords {
  return spec.words ?? (spec.kind === "contact" ? "open/closed" : "on/off");
}

/** The two words of a class: true first. */
export function wordsOf(words: BooleanWords): readonly [string, string] {
  return wordsByClass[words];
}

/** True or false in any usual writing, or in the words of `classes`. Case does not matter. */
export function readBoolean(raw: unknown, classes: readonly BooleanWords[]): boolean | undefined {
  if (typeof raw === "boolean") return raw;
  if (typeof raw !== "string" && typeof raw !== "number") return undefined;
  const word = String(raw).trim().toLowerCase();
  const known = always.get(word);
  if (known !== undefined) return known;
  for (const words of classes) {
    const [yes, no] = wordsByClass[words];
    if (word === yes) return true;
    if (word === no || (word === "close" && no === "closed")) return false;
  }
  return undefined;
}
