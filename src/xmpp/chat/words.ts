import { readAmount } from "../../core/amount.js";
import { isUnit } from "../../core/units.js";

/** The command words that need no channel. */
export const commandWords = [
  "on",
  "off",
  "toggle",
  "open",
  "close",
  "stop",
  "lock",
  "unlock",
  "press",
] as const;

const longestEnumeration = 10;

const foldedLimit = 10_000;
const longestFolded = 100;
/** Each message to the house is held against the names of all devices, which stay the same. */
const folded = new Map<string, string>();

/** A name as it is compared: case, accents, dashes and closing punctuation do not matter. */
export function fold(text: string): string {
  const known = folded.get(text);
  if (known !== undefined) return known;
  const name = foldAnew(text);
  if (folded.size >= foldedLimit) folded.clear();
  if (text.length <= longestFolded) folded.set(text, name);
  return name;
}

function foldAnew(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(/[\s_\-\u2010\u2011]+/g, " ")
    .replace(/[\s.!?,;:]+$/, "")
    .trim();
}

/** A command that needs no channel, as the core reads it: `on`, `40%`, `+10`. Undefined for every other text. */
export function commandWord(text: string): string | undefined {
  const word = fold(text);
  if (commandWords.some((known) => known === word)) return word;
  const amount = readAmount(text);
  return amount !== undefined && isCommandUnit(amount.unit) ? text.trim() : undefined;
}

/** No other word than a unit makes a command of the number before it: a room may be called `3 bears`. */
function isCommandUnit(unit: string): boolean {
  return unit === "" || unit === "%" || isUnit(unit);
}

/** `40%` or `40`: a place on a scale, not a step along it. */
export function isPercent(word: string): boolean {
  const amount = readAmount(word);
  return amount !== undefined && !amount.signed && (amount.unit === "" || amount.unit === "%");
}

export type Question = "help" | "status";

/** The two questions that every address answers. */
export function questionWord(text: string): Question | undefined {
  const word = fold(text);
  if (word === "help" || text.trim() === "?") return "help";
  return word === "status" ? "status" : undefined;
}

/** The text without the words that only make it polite or whole: `please turn on`, `switch the lamp off`. */
export function withoutCourtesy(text: string): string {
  return text
    .trim()
    .replace(/^(?:please\s+)?(?:(?:turn|switch)\s+)?/i, "")
    .replace(/\s+please[.!]*$/i, "");
}

/** A word and where it begins and ends in its text. */
export interface Token {
  readonly start: number;
  readonly end: number;
}

export function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** `a, b and c`; past ten, how many more there are. */
export function enumerate(items: readonly string[], conjunction: "and" | "or" = "and"): string {
  const more = items.length - longestEnumeration;
  const shown = more > 0 ? [...items.slice(0, longestEnumeration), `${more} more`] : items;
  const last = shown.at(-1);
  return shown.length < 2 ? (last ?? "") : `${shown.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
