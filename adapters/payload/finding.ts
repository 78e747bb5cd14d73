import { z } from "zod";
import { messageOf } from "../../src/core/errors.js";
import type { JsonValue } from "../../src/core/json.js";
import type { Problem } from "../../src/core/problem.js";
import { bytesPlace, valueAt } from "./binary.js";
import { compileJinja } from "./jinja/template.js";
import { compileJsonPath } from "./json-path.js";
import { jsonPathFault } from "./json-path-fault.js";
import { valueOfKey } from "./key-value.js";
import { compilePattern } from "./pattern.js";
import type { Payload } from "./payload.js";
import { ruleOf } from "./rule.js";
import { compileXPath } from "./xpath.js";

const jsonPath = z
  .string('is no JSONPath; write for example "$.temperature"')
  .transform((source, context) => {
    const fault = jsonPathFault(source);
    if (fault !== undefined) {
      context.addIssue(fault);
      return z.NEVER;
    }
    try {
      return compileJsonPath(source);
    } catch (error) {
      context.addIssue({ code: "custom", message: messageOf(error) });
      return z.NEVER;
    }
  });

/** What a channel's address may say about where in a payload its value stands. */
export const findingShape = {
  extract: jsonPath
    .describe("A JSONPath to the value in a JSON payload, such as $.temperature.")
    .exactOptional(),
  jinja: ruleOf("is no text; put the template in quotes", compileJinja)
    .describe("A Jinja template as in Home Assistant's value_template, such as {{ value_json.temperature }}.")
    .exactOptional(),
  xpath: ruleOf("is no text; put the path in quotes", compileXPath)
    .describe("An XPath (1.0) to the value in an XML payload, such as /status/power.")
    .exactOptional(),
  key: z
    .string("is no text; write for example TEMP")
    .regex(/^[A-Za-z_][\w.-]{0,63}$/, "is no key; write for example TEMP, for a text such as TEMP=21.5")
    .describe("The key of the value in a text such as T=21.5 H=40.")
    .exactOptional(),
  bytes: bytesPlace.describe("Where the value stands in a binary frame.").exactOptional(),
  match: ruleOf("is no text; put the expression in quotes", compilePattern)
    .describe(
      "A regular expression (RE2). The value is its group `value`, else its first group, else all that it matched.",
    )
    .exactOptional(),
} as const;

const finding = z.object(findingShape);
export type Finding = z.output<typeof finding>;

/** Of these an address has at most one; `match` may look at what it found. */
export const ways = [
  "extract",
  "jinja",
  "xpath",
  "key",
  "bytes",
] as const satisfies readonly (keyof Finding)[];

/** Whether an address says how its value is found. */
export function isFound(given: Finding): boolean {
  return [...ways, "match" as const].some((way) => given[way] !== undefined);
}

/** Paths start at the address. */
export function findingProblems(given: Finding): readonly Problem[] {
  const [first, ...others] = ways.filter((way) => given[way] !== undefined);
  return others.map((way) => ({
    path: [way],
    message: `does not go with ${first}; a channel's value is found in one way`,
  }));
}

/** What stands in a payload of a channel; `undefined` where nothing does. Throws "value-invalid". */
export type Finder = (payload: Payload) => JsonValue | undefined;

/** `undefined` where an address says nothing about it, and the payload as a whole is the value. */
export function finderOf(given: Finding): Finder | undefined {
  const found = wayOf(given);
  const { match } = given;
  if (match === undefined) return found && ((payload) => (isEmpty(payload) ? undefined : found(payload)));
  return (payload) => {
    if (isEmpty(payload)) return undefined;
    const raw = found === undefined ? payload.text : found(payload);
    if (raw === undefined || raw === null) return undefined;
    return match(typeof raw === "object" ? JSON.stringify(raw) : String(raw));
  };
}

function wayOf({ extract, jinja, xpath, key, bytes }: Finding): Finder | undefined {
  if (extract !== undefined) return ({ json }) => extract(json);
  if (jinja !== undefined) return jinja;
  if (xpath !== undefined) return ({ xml }) => xpath(xml);
  if (key !== undefined) return ({ text }) => valueOfKey(text, key);
  if (bytes !== undefined) return (payload) => valueAt(payload.bytes, bytes);
  return undefined;
}

function isEmpty({ bytes }: Payload): boolean {
  return bytes.length === 0;
}
