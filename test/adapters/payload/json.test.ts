import { describe, expect, test } from "vitest";
import { parseJson } from "../../../adapters/payload/json.js";

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const wide = (keys: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, i])));

describe("parseJson", () => {
  test("reads documents and plain values", () => {
    expect(parseJson('{"temp": 21.5, "at": "12:30", "list": [{"a": null}]}')).toEqual({
      temp: 21.5,
      at: "12:30",
      list: [{ a: null }],
    });
    expect(parseJson("true")).toBe(true);
  });

  test("takes 32 levels and 2,000 keys, and nothing beyond", () => {
    expect(() => parseJson(nested(32))).not.toThrow();
    expect(() => parseJson(nested(33))).toThrow("nested more than 32 levels");
    expect(() => parseJson(`${"[".repeat(30_000)}${"]".repeat(30_000)}`)).toThrow(
      "nested more than 32 levels",
    );
    expect(() => parseJson(wide(2000))).not.toThrow();
    expect(() => parseJson(wide(2001))).toThrow("2001 keys");
  });

  test.each(['{"a": 1, "a": 2}', '{"a": 1, "\\u0061": 2}', '[{"b": {"c:": 1, "c:": 1}}]'])(
    "refuses the same key twice in %s",
    (text) => {
      expect(() => parseJson(text)).toThrow("the same key twice");
    },
  );

  test.each(["__proto__", "constructor", "prototype"])("refuses the key %s", (key) => {
    expect(() => parseJson(`{"a": {"${key}": {"polluted": true}}}`)).toThrow(`the key "${key}"`);
  });

  test("says what is no JSON, without repeating all of it", () => {
    expect(() => parseJson(`ON${"x".repeat(1000)}`)).toThrow(/^"ONx{50,80}…" is no JSON\.$/);
  });
});
