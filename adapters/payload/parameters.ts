import type { Problem } from "../../src/core/problem.js";
import { scalar } from "./conversion.js";

/** What each `{word}` in the addresses of one device stands for. */
export type Parameters = ReadonlyMap<string, string>;

interface Taken {
  readonly parameters: Parameters;
  /** All words that could be one. */
  readonly known: readonly string[];
  /** The rest of the device's address. */
  readonly rest: unknown;
  /** Paths start at the address. */
  readonly problems: readonly Problem[];
}

/** What an adapter's addresses say beside parameters. */
interface AddressWords {
  /** The words of a device's address that are no parameters; their texts, too, may have some in braces. */
  readonly own: readonly string[];
  /** What is wrong with the text that a parameter stands for, as the end of a sentence. */
  faultOf?(text: string): string | undefined;
  /** A word that is a parameter in every address, and what to say where it is named in braces and missing. */
  readonly always?: { readonly word: string; readonly missing: string };
}

/** Words of a template, which are filled in for each command. */
const ofCommands: readonly string[] = ["value", "red", "green", "blue", "checksum"];

const placeholder = /\{([A-Za-z][\w-]*)\}/g;

/** What a parameter that is missing or wrong is filled with: one mistake, told once. */
const standIn = "unknown";

/**
 * Takes out of a device's address the words that its texts or those of its `channels` have in braces. Other braces are literal
 * unless the address has such a word.
 */
export function takeParameters(
  sealed: unknown,
  channels: readonly unknown[],
  { own, faultOf = () => undefined, always }: AddressWords,
): Taken {
  const words = isSection(sealed) ? sealed : {};
  const parameters = new Map<string, string>();
  const problems: Problem[] = [];
  const rest: Record<string, unknown> = {};
  const texts = textsIn([own.map((word) => words[word]), channels]);
  const inBraces = new Set(
    texts.flatMap((text) => [...text.matchAll(placeholder)].map(([, word = ""]) => word)),
  );
  const known = new Set([...(always === undefined ? [] : [always.word]), ...inBraces]);
  for (const word of [...ofCommands, ...own]) known.delete(word);
  for (const [word, given] of Object.entries(words)) {
    if (known.has(word)) {
      const { value, fault } = read(given, faultOf);
      parameters.set(word, value);
      if (fault !== undefined) problems.push({ path: [word], message: fault });
    } else {
      rest[word] = given;
    }
  }
  if (always !== undefined && words[always.word] === undefined && inBraces.has(always.word)) {
    parameters.set(always.word, standIn);
    // What seems to be missing may stand behind a misspelt key.
    const isSpelt = Object.keys(rest).every((word) => own.includes(word));
    if (isSpelt) problems.push({ path: [always.word], message: always.missing });
  }
  return { parameters, known: [...known], rest: isSection(sealed) ? rest : sealed, problems };
}

function read(
  given: unknown,
  faultOf: (text: string) => string | undefined,
): { readonly value: string; readonly fault: string | undefined } {
  const { data } = scalar.safeParse(given);
  const fault = data === undefined ? "is no plain word; write a text such as kitchen" : faultOf(String(data));
  return { value: fault === undefined ? String(data) : standIn, fault };
}

/** A sealed address with every parameter in its texts and keys replaced. */
export function fill(sealed: unknown, parameters: Parameters): unknown {
  if (typeof sealed === "string") return fillText(sealed, parameters);
  if (Array.isArray(sealed)) return sealed.map((item) => fill(item, parameters));
  if (!isSection(sealed)) return sealed;
  return Object.fromEntries(
    Object.entries(sealed).map(([key, value]) => [fillText(key, parameters), fill(value, parameters)]),
  );
}

function fillText(text: string, parameters: Parameters): string {
  return text.replace(placeholder, (written, word: string) => parameters.get(word) ?? written);
}

function textsIn(sealed: unknown): readonly string[] {
  if (typeof sealed === "string") return [sealed];
  if (Array.isArray(sealed)) return sealed.flatMap(textsIn);
  return isSection(sealed) ? Object.entries(sealed).flatMap(([key, value]) => [key, ...textsIn(value)]) : [];
}

function isSection(sealed: unknown): sealed is Readonly<Record<string, unknown>> {
  return typeof sealed === "object" && sealed !== null && !Array.isArray(sealed);
}
