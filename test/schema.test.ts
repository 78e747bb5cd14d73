import { expect, test } from "vitest";
import { z } from "zod";
import { duration, problemsOf, strict } from "../src/schema.js";

function problems(schema: z.ZodType, data: unknown) {
  const { error } = schema.safeParse(data);
  return error === undefined ? [] : problemsOf(error);
}

const topic = strict({ topic: z.string(), qos: z.int().min(0).max(2).exactOptional() });

test("each unknown key is a problem of its own, with the key that was meant", () => {
  expect(problems(topic, { topic: "a", qs: 1, colour: 2 })).toEqual([
    { path: ["qs"], message: 'unknown key "qs"; did you mean "qos"?', at: "key" },
    { path: ["colour"], message: 'unknown key "colour"; known here: topic, qos', at: "key" },
  ]);
});

test("of several forms, the problems are those of the form that was meant", () => {
  const state = z.union([z.string(), topic]);
  expect(problems(z.object({ state }), { state: { topc: "a" } })).toEqual([
    { path: ["state", "topic"], message: "is missing; text is expected here" },
    { path: ["state", "topc"], message: 'unknown key "topc"; did you mean "topic"?', at: "key" },
  ]);
  expect(problems(state, 5)).toEqual([
    { path: [], message: 'is 5, but text or a section with keys is expected; put it in quotes: "5"' },
  ]);
});

test.each([
  [z.number(), "a", "is text, but a number is expected"],
  [z.int(), 1.5, "is 1.5, but a whole number is expected"],
  [z.boolean(), null, "is empty, but true or false is expected"],
  [z.array(z.string()).min(2), ["a"], "must have at least 2 entries"],
  [z.string().min(1), "", "must have at least 1 character"],
  [z.number().max(2), 3, "must be at most 2"],
  [z.number().positive(), 0, "must be more than 0"],
  [z.number().multipleOf(2), 3, "is no multiple of 2"],
  [z.string().regex(/^a$/), "b", "does not match /^a$/"],
  [z.enum(["ask", "auto"]), "atuo", '"atuo" is not known here; did you mean "auto"? Known: ask, auto'],
  [
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("line") }),
      z.object({ kind: z.literal("slip") }),
    ]),
    { kind: "lin" },
    '"lin" is not known here; did you mean "line"? Known: line, slip',
  ],
])("says in a sentence what is wrong (%#)", (schema, data, message) => {
  expect(problems(schema, data).map((problem) => problem.message)).toEqual([message]);
});

test("the key of a record is blamed itself", () => {
  const ids = z.record(z.string().regex(/^[a-z]+$/, { error: "is no id" }), z.number());
  expect(problems(ids, { A: 1 })).toEqual([{ path: ["A"], message: "is no id", at: "key" }]);
});

test.each([
  ["500ms", 500],
  ["1.5s", 1500],
  ["5m", 300_000],
  ["25h", 90_000_000],
  ["7d", 604_800_000],
  [2, 2000],
  [0, 0],
])("reads the duration %s", (written, milliseconds) => {
  expect(duration.parse(written)).toBe(milliseconds);
});

test.each(["5 s", "s", "-1s", -1, Number.NaN])("refuses the duration %s", (written) => {
  expect(duration.safeParse(written).success).toBe(false);
});
