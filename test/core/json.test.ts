import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../src/core/json.js";

const nested = (depth: number, open = "[", close = "]") =>
  `${open.repeat(depth)}${open === "[" ? "" : "1"}${close.repeat(depth)}`;
const withKeys = (count: number) =>
  `[${Array.from({ length: count }, (_, n) => `{"key${n % 7}":${n}}`).join(",")}]`;

test("what JSON.parse reads within the limits is read the same", () => {
  const key = fc.string().filter((text) => !["__proto__", "constructor", "prototype"].includes(text));
  const json = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.constantFrom(null, true, false),
      fc.array(tie("any")),
      fc.dictionary(key, tie("any"), { noNullPrototype: true }),
    ),
  })).any;
  fc.assert(
    fc.property(json, fc.integer({ min: 0, max: 3 }), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("32 levels are read, 33 are not", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ]) {
    expect(parseJson(nested(32, open, close))).toBeDefined();
    expect(() => parseJson(nested(33, open, close))).toThrow("The JSON is nested more than 32 levels deep.");
  }
});

test("30,000 brackets are refused as quickly as any", () => {
  expect(() => parseJson(nested(30_000))).toThrow("nested more than 32 levels");
  expect(() => parseJson("[".repeat(30_000))).toThrow("is no JSON");
});

test("2,000 keys are read, 2,001 are not, wherever they are", () => {
  expect(parseJson(withKeys(2_000))).toBeDefined();
  expect(() => parseJson(withKeys(2_001))).toThrow("The JSON has 2001 keys; 2000 are the limit.");
});

test.each(["__proto__", "constructor", "prototype", "\\u005f_proto__"])("the key %s is refused", (key) => {
  expect(() => parseJson(`{"value": [{"${key}": 1}]}`)).toThrow("which is not allowed");
});

test.each(['{"a": 1, "a": 2}', '{"a": 1, "\\u0061" : 2}', '[{"b": {"c:": 1, "c:": 1}}]'])(
  "the same key twice in one object is refused in %s",
  (text) => {
    expect(() => parseJson(text)).toThrow("The JSON has the same key twice in one object.");
  },
);

test("the same key in two objects is none too many", () => {
  expect(parseJson('{"a": {"value": 1}, "b": {"value": "value"}}')).toBeDefined();
});

test.each(["", "{", "}", '{"a":1}}', '"', '"\\', '{"a\\":1', '{"\u0001":1}', "on", "[1,]"])(
  "%j is refused as no JSON",
  (text) => {
    expect(() => parseJson(text)).toThrow(/ is no JSON\.$/);
  },
);

test("a text of 64 KB is one string", () => {
  const text = JSON.stringify({ text: 'x"\\'.repeat(12_000) });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("what is no JSON is not repeated in full", () => {
  expect(() => parseJson(`ON${"x".repeat(1000)}`)).toThrow(/^"ONx{50,80}…" is no JSON\.$/);
});
