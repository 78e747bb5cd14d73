import { z } from "zod";
import type { JsonSchema } from "./core/adapter.js";
import { nearest } from "./core/nearest.js";
import { isReadablePem } from "./core/pem.js";
import type { Problem } from "./core/problem.js";

/** `"swich" is not known here; did you mean "switch"? Known: switch, contact` */
export function notKnown(input: unknown, known: readonly string[]): string {
  const meant = nearest(String(input), known);
  return `${JSON.stringify(input)} is not known here${meant === undefined ? "" : `; did you mean "${meant}"?`}${
    meant === undefined ? "; known: " : " Known: "
  }${known.join(", ")}`;
}

/** A strict object whose complaint about an unknown key names the nearest known one. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys" || !Array.isArray(issue.keys)) return undefined;
      return issue.keys.map((key) => unknownKey(String(key), known)).join(keySeparator);
    },
  });
}

// zod reports all unknown keys of an object in one issue with one message; `problemsOf` takes them apart again.
const keySeparator = "\n";

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `unknown key ${JSON.stringify(key)}; ${
    meant === undefined ? `known here: ${known.join(", ")}` : `did you mean "${meant}"?`
  }`;
}

// Above this, setTimeout overflows and fires at once.
const longestDuration = 24 * 86_400_000;
const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A duration such as `500ms`, `30s`, `5m`, `25h` or a number of seconds; parsed to milliseconds. */
export const duration = z.union([z.number(), z.string()]).transform((input, context) => {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(input)) ?? [];
  const milliseconds =
    typeof input === "number" ? input * 1000 : Number(amount) * (durationUnits[unit ?? ""] ?? Number.NaN);
  if (milliseconds >= 0 && milliseconds <= longestDuration) return milliseconds;
  context.addIssue(
    milliseconds > longestDuration
      ? "is too long; 24d is the most"
      : 'is no duration; write seconds as a number, or "500ms", "30s", "5m", "25h", "7d"',
  );
  return z.NEVER;
});

/** A duration of at least and at most so many milliseconds; `words` say the same, as in "100ms to 1d". */
export function durationBetween(least: number, most: number, words: string) {
  return duration.refine((given) => given >= least && given <= most, `is not from ${words}`);
}

/** A certificate or key: PEM text, or the name of its file, which is read again at each use. */
export const pem = z
  .string("is no text; put it in quotes")
  .min(1, "is empty")
  .refine(isReadablePem, "is neither PEM text nor a file that can be read");

/** The schema as editors know it: what may be written, without the checks that only code can make. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}

/** The mistakes that zod found, one for each place. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, []));
}

type Path = Problem["path"];
type Issue = z.core.$ZodIssue;

function problemsOfIssue(issue: Issue, base: Path): Problem[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === "symbol" ? part.toString() : part))];
  switch (issue.code) {
    case "unrecognized_keys": {
      const messages = issue.message.split(keySeparator);
      return issue.keys.map((key, index) => ({
        path: [...path, key],
        message: messages[index] ?? "unknown key",
        at: "key",
      }));
    }
    case "invalid_key":
      return issue.issues.map(({ message }) => ({ path, message, at: "key" }));
    case "invalid_union": {
      const branch = meantBranch(issue.errors);
      return branch === undefined
        ? [{ path, message: issue.message }]
        : branch.flatMap((inner) => problemsOfIssue(inner, path));
    }
    default:
      return [{ path, message: issue.message }];
  }
}

/** Of the forms a value may have, the one it was meant to have: its type fits, and least is wrong with it. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fits = branches.filter(
    (issues) => !issues.some(({ code, path }) => path.length === 0 && isWrongType(code)),
  );
  return fits.sort((a, b) => a.length - b.length)[0];
}

function isWrongType(code: Issue["code"]): boolean {
  return code === "invalid_type" || code === "invalid_value";
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a section with keys",
  record: "a section with keys",
};

function wanted(expected: string): string {
  return typeWords[expected] ?? expected;
}

function described(input: unknown): string {
  if (input === null) return "empty";
  if (typeof input === "string") return "text";
  if (Array.isArray(input)) return "a list";
  return typeof input === "object" ? "a section with keys" : String(input);
}

function wrongType(input: unknown, expected: readonly string[]): string {
  const words = [...new Set(expected.map(wanted))].join(" or ");
  if (input === undefined) return `is missing; ${words} is expected here`;
  const quotes = expected.includes("string") && (typeof input === "number" || typeof input === "boolean");
  return `is ${described(input)}, but ${words} is expected${quotes ? `; put it in quotes: "${input}"` : ""}`;
}

function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.input, [issue.expected]);
    case "invalid_value": {
      const known = issue.values.map(String);
      return issue.input === undefined
        ? `is missing; one of: ${known.join(", ")}`
        : notKnown(issue.input, known);
    }
    case "invalid_union":
      return unionSentence(issue);
    case "too_small":
      return sizeSentence(issue.origin, issue.inclusive ? "at least" : "more than", issue.minimum);
    case "too_big":
      return sizeSentence(issue.origin, issue.inclusive ? "at most" : "less than", issue.maximum);
    case "not_multiple_of":
      return `is no multiple of ${issue.divisor}`;
    case "invalid_format":
      return issue.format === "regex"
        ? `does not match ${issue.pattern}`
        : `is no valid ${issue.format === "url" ? "URL, such as http://host/path" : issue.format}`;
    default:
      return undefined;
  }
}

function unionSentence(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  if (issue.discriminator !== undefined && Array.isArray(issue.options)) {
    const input: unknown = Object(issue.input)[issue.discriminator];
    const known = issue.options.map(String);
    return input === undefined ? `is missing; one of: ${known.join(", ")}` : notKnown(input, known);
  }
  const expected = issue.errors
    .flat()
    .flatMap((inner) =>
      inner.code === "invalid_type"
        ? [inner.expected]
        : inner.code === "invalid_value"
          ? inner.values.map(String)
          : [],
    );
  return wrongType(issue.input, expected);
}

function sizeSentence(origin: string, bound: string, limit: number | bigint): string {
  if (origin === "string") return `must have ${bound} ${limit} character${limit === 1 ? "" : "s"}`;
  if (origin === "array" || origin === "set")
    return `must have ${bound} ${limit} entr${limit === 1 ? "y" : "ies"}`;
  return `must be ${bound} ${limit}`;
}

z.config({ localeError: sentenceOf });
