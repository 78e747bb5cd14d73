import type { Problem } from "../../src/core/problem.js";
import { scalar } from "../payload/conversion.js";
import { topicFault } from "./topic-syntax.js";

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

/** Words of a template, which are filled in for each command. */
const ofCommands: readonly string[] = ["value", "red", "green", "blue"];

const placeholder = /\{([A-Za-z][\w-]*)\}/g;

/** What a parameter that is missing or wrong is filled with: one mistake, told once. */
const standIn = "unknown";

const topicMissing = "is missing; {topic} in the topics stands for it: write for example { topic: kitchen }";

/**
 * Takes out of a device's address the words that its texts or those of its `channels` have in braces. `{topic}` is known
 * everywhere; other braces are literal unless the address has such a word.
 */
export function takeParameters(sealed: unknown, channels: readonly unknown[]): Taken {
  const words = isSection(sealed) ? sealed : {};
  const parameters = new Map<string, string>();
  const problems: Problem[] = [];
  const rest: Record<string, unknown> = {};
  const inBraces = textsIn([words.availability, channels]).flatMap((text) => [...text.matchAll(placeholder)]);
  const known = new Set(["topic", ...inBraces.map(([, word = ""]) => word)]);
  for (const word of ofCommands) known.delete(word);
  for (const [word, given] of Object.entries(words)) {
    if (known.has(word)) {
      const { value, fault } = read(given);
      parameters.set(word, value);
      if (fault !== undefined) problems.push({ path: [word], message: fault });
    } else {
      rest[word] = given;
    }
  }
  if (words.topic === undefined && inBraces.some(([, word]) => word === "topic")) {
    parameters.set("topic", standIn);
    // What seems to be missing may stand behind a misspelt key.
    const isSpelt = Object.keys(rest).every((word) => word === "availability");
    if (isSpelt) problems.push({ path: ["topic"], message: topicMissing });
  }
  return { parameters, known: [...known], rest: isSection(sealed) ? rest : sealed, problems };
}

function read(given: unknown): { readonly value: string; readonly fault: string | undefined } {
  const { data } = scalar.safeParse(given);
  const fault =
    data === undefined ? "is no plain word; write a text such as kitchen" : topicFault(String(data));
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
