import { quoted, refuse } from "./value-refusal.js";

/** What a JSON document can hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

const deepest = 32;
const mostKeys = 2000;
const prototypeKeys = new Set(["__proto__", "constructor", "prototype"]);

/**
 * A JSON document that somebody else wrote: at most 32 levels deep, 2,000 keys, none twice in one object and none that
 * names a prototype. Throws "value-invalid". How long the text may be is for the caller to say.
 */
export function parseJson(text: string): JsonValue {
  let document: JsonValue;
  try {
    document = JSON.parse(text);
  } catch {
    return refuse(`${quoted(text)} is no JSON.`);
  }
  if (typeof document !== "object" || document === null) return document;
  const written = keysWritten(text);
  if (written > mostKeys) refuse(`The JSON has ${written} keys; ${mostKeys} are the limit.`);
  // JSON.parse keeps one of two equal keys, so that fewer are left than were written.
  if (keysWithin(document, 1) < written) refuse("The JSON has the same key twice in one object.");
  return document;
}

/** The colons outside of strings, in a text that is JSON. */
function keysWritten(text: string): number {
  let count = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isInString = !isInString;
    else if (character === "\\") at += 1;
    else if (character === ":" && !isInString) count += 1;
  }
  return count;
}

function keysWithin(document: JsonValue, depth: number): number {
  if (typeof document !== "object" || document === null) return 0;
  if (depth > deepest) refuse(`The JSON is nested more than ${deepest} levels deep.`);
  if (Array.isArray(document)) {
    return document.reduce<number>((count, member) => count + keysWithin(member, depth + 1), 0);
  }
  let count = 0;
  for (const [key, member] of Object.entries(document)) {
    if (prototypeKeys.has(key)) refuse(`The JSON has the key "${key}", which is not allowed.`);
    count += 1 + keysWithin(member, depth + 1);
  }
  return count;
}
