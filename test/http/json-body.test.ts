import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonBody } from "../../src/http/json-body.js";

const parse = (text: string) => parseJsonBody(Buffer.from(text));

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
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("32 levels are read, 33 are not", () => {
  expect(parse(nested(32))).toBeDefined();
  expect(() => parse(nested(33))).toThrow("The body is nested deeper than 32.");
});

test("a body of 30,000 open brackets is refused as quickly as any", () => {
  expect(() => parse("[".repeat(30_000))).toThrow("nested deeper than 32");
});

test("2,000 keys are read, 2,001 are not, wherever they are", () => {
  expect(parse(withKeys(2_000))).toBeDefined();
  expect(() => parse(withKeys(2_001))).toThrow("more than 2000 keys");
});

test.each(["__proto__", "constructor", "prototype", "\\u005f_proto__"])("the key %s is refused", (key) => {
  expect(() => parse(`{"value": [{"${key}": 1}]}`)).toThrow("which is not allowed");
});

test("a key that comes twice in one object is refused, however it is written", () => {
  expect(() => parse('{"value": 1, "value": 2}')).toThrow('has the key "value" twice');
  expect(() => parse('{"value": 1, "\\u0076alue" : 2}')).toThrow('has the key "value" twice');
  expect(parse('{"a": {"value": 1}, "b": {"value": "value"}}')).toBeDefined();
});

test.each(["", "{", "}", '{"a":1}}', '"', '"\\', '{"a\\":1', '{"\u0001":1}', "on", "[1,]"])(
  "%j is refused as no JSON",
  (text) => {
    expect(() => parse(text)).toThrow("The body is no JSON");
  },
);

test("bytes that are not UTF-8 are refused", () => {
  expect(() => parseJsonBody(Uint8Array.of(0x22, 0xff, 0x22))).toThrow("not in UTF-8");
});

function nested(depth: number): string {
  return `${"[".repeat(depth)}${"]".repeat(depth)}`;
}

function withKeys(count: number): string {
  return `[${Array.from({ length: count }, (_, n) => `{"key${n % 7}":${n}}`).join(",")}]`;
}
