import fc from "fast-check";
import { expect, test } from "vitest";
import { compileTemplate } from "../../../adapters/payload/template.js";

test("replaces each {value} and leaves other braces alone", () => {
  expect(compileTemplate("{value}")(1)).toBe("1");
  expect(compileTemplate("set {x} {value}/{value} {}")("on")).toBe("set {x} on/on {}");
  expect(compileTemplate("RESET")("anything")).toBe("RESET");
});

test("writes JSON literals into JSON templates", () => {
  const template = compileTemplate('{"limit": {value}}');
  expect(template(40)).toBe('{"limit": 40}');
  expect(template(true)).toBe('{"limit": true}');
  expect(template("auto")).toBe('{"limit": "auto"}');
});

test("keeps the quotes that a JSON template has", () => {
  expect(compileTemplate('{"say \\" {value}": "{value}", "n": {value}}')(2)).toBe(
    '{"say \\" 2": "2", "n": 2}',
  );
});

test("lets no text break out of its place in a JSON template", () => {
  const template = compileTemplate('{"a": "<{value}>", "b": [{value}], "c": 1}');
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(JSON.parse(template(text))).toEqual({ a: `<${text}>`, b: [text], c: 1 });
    }),
  );
});
