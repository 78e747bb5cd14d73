import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import type { ValueKind } from "../../src/core/value.js";
import { findingProblems, findingShape } from "./finding.js";
import { hexadecimal } from "./hexadecimal.js";

/** A word of the wire as the configuration has it: `on: 1` and `on: "1"` are the same. */
export const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: "is no plain word; write a text, a number, true or false",
});
export type Scalar = z.output<typeof scalar>;

const finite = z.number("is no number");

/** What a channel's address may say about how values are written on the wire; every transport takes these words. */
export const conversionShape = {
  ...findingShape,
  hex: hexadecimal
    .describe("For a number in hexadecimal digits: whether, and how, it may be negative.")
    .exactOptional(),
  on: scalar.describe("The payload of a switch or contact that is on or open.").exactOptional(),
  off: scalar.describe("The payload of a switch or contact that is off or closed.").exactOptional(),
  open: scalar.exactOptional(),
  close: scalar.exactOptional(),
  stop: scalar.exactOptional(),
  lock: scalar.exactOptional(),
  unlock: scalar.exactOptional(),
  press: scalar.exactOptional(),
  map: z
    .record(z.string(), scalar, 'is no map; write for example { "3": auto }')
    .describe("Words of the wire and the values they stand for.")
    .exactOptional(),
  scale: finite
    .refine((scale) => scale !== 0, "is 0; every report would mean the same")
    .describe("value = wire × scale + offset")
    .exactOptional(),
  offset: finite.describe("value = wire × scale + offset").exactOptional(),
  mired: z
    .boolean("is neither true nor false")
    .describe(
      "The wire counts a white in mireds (a millionth of a reciprocal kelvin), the channel in kelvins.",
    )
    .exactOptional(),
  min: finite.describe("The least that is believed; a report below is refused.").exactOptional(),
  max: finite.describe("The most that is believed; a report above is refused.").exactOptional(),
} as const;

const conversion = z.object(conversionShape);
export type Conversion = z.output<typeof conversion>;

const measures: readonly ValueKind[] = ["number", "level", "cover"];
const mappable: readonly ValueKind[] = [
  "switch",
  "contact",
  ...measures,
  "text",
  "choice",
  "color",
  "lock",
  "datetime",
  "event",
];
const kindsByWord: Readonly<Record<keyof Conversion, readonly ValueKind[]>> = {
  extract: [...mappable, "location"],
  jinja: [...mappable, "location"],
  xpath: mappable,
  key: mappable,
  bytes: mappable,
  match: mappable,
  hex: measures,
  on: ["switch", "contact"],
  off: ["switch", "contact"],
  open: ["cover", "lock"],
  close: ["cover"],
  stop: ["cover"],
  lock: ["lock"],
  unlock: ["lock"],
  press: ["button"],
  map: mappable,
  scale: measures,
  offset: measures,
  mired: ["number"],
  min: measures,
  max: measures,
};

/** Mireds of kelvins, and the other way round. */
export function miredOf(kelvins: number): number {
  return 1_000_000 / kelvins;
}

/** The words that say nothing for a channel of this kind, and ranges that hold no value. Paths start at the address. */
export function misfits(kind: ValueKind, given: Conversion): Problem[] {
  const problems = [...findingProblems(given)];
  for (const [word, kinds] of Object.entries(kindsByWord)) {
    if (word in given && !kinds.includes(kind)) {
      problems.push({
        path: [word],
        message: `does not fit the kind ${kind}; it is for ${kinds.join(", ")}`,
      });
    }
  }
  if (given.on !== undefined && String(given.on) === String(given.off))
    problems.push({ path: ["on"], message: "is the same as off; they must differ" });
  if (given.mired === true && (given.scale ?? given.offset) !== undefined)
    problems.push({
      path: ["mired"],
      message: "does not go with scale and offset; it is a conversion itself",
    });
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = given;
  if (min > max)
    problems.push({ path: ["min"], message: `is above max (${max}); no report could be believed` });
  return problems;
}
