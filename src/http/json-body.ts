import { HttpProblem } from "./problems.js";

const depthLimit = 32;
const keyLimit = 2_000;
const prototypeKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses a JSON body. Throws an `HttpProblem` for what is no JSON, nested deeper than 32, holds more than 2,000 keys,
 * one key twice in an object, or a key that means an object's prototype.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    checkStructure(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    throw new HttpProblem("request-invalid", "The body is no JSON, or not in UTF-8.");
  }
}

/** Looks at brackets and keys only; whether the rest is JSON, the parser says afterwards. */
function checkStructure(text: string): void {
  // The keys of each object that is open; an array has none.
  const open: (Set<string> | undefined)[] = [];
  let keyCount = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "{" || sign === "[") {
      open.push(sign === "{" ? new Set() : undefined);
      if (open.length > depthLimit) throw refusal(`is nested deeper than ${depthLimit}`);
    } else if (sign === "}" || sign === "]") {
      open.pop();
    } else if (sign === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys !== undefined && isFollowedByColon(text, end)) {
        keyCount += 1;
        if (keyCount > keyLimit) throw refusal(`has more than ${keyLimit} keys`);
        addKey(keys, String(JSON.parse(text.slice(at, end))));
      }
      at = end - 1;
    }
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (prototypeKeys.has(key)) throw refusal(`has the key "${key}", which is not allowed`);
  if (keys.has(key)) throw refusal(`has the key ${JSON.stringify(key.slice(0, 64))} twice in one object`);
  keys.add(key);
}

/** The index after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start;
  while (" \t\r\n".includes(text[at] ?? ":")) at += 1;
  return text[at] === ":";
}

function refusal(what: string): HttpProblem {
  return new HttpProblem("request-invalid", `The body ${what}.`);
}
