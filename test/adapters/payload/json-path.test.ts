import fc from "fast-check";
import { query } from "jsonpath-rfc9535";
import { expect, test } from "vitest";
import { compileJsonPath } from "../../../adapters/payload/json-path.js";

const document = { ENERGY: { Power: 12, "Total Time": "x" }, list: [{ v: 1 }, { v: 2 }], none: null };

test.each([
  ["$", document],
  ["$.ENERGY.Power", 12],
  ["$['ENERGY']['Total Time']", "x"],
  ["$.list[-1].v", 2],
  ["$.list[0:2].v", 1],
  ["$..v", 1],
  ["$.list[?@.v > 1].v", 2],
  ["$.list[?length(@.v) > 1].v", undefined],
  ["$.none", null],
  ["$.list.v", undefined],
  ["$.ENERGY[0]", undefined],
  ["$.constructor", undefined],
  ["$.ENERGY.Power.toFixed", undefined],
])("finds what %s names", (path, found) => {
  expect(compileJsonPath(path)(document)).toEqual(found);
});

test.each(["temp", "", "$.a b", "$.['a", "$.a."])("says of %j that it is no JSONPath", (source) => {
  expect(() => compileJsonPath(source)).toThrow(/is no JSONPath .* write for example "\$\.temperature"/);
});

test("refuses patterns, which a device could make run for ever, and paths without end", () => {
  expect(() => compileJsonPath("$[?match(@.a, '(a+)+b')]")).toThrow(
    /uses (match|search)\(\); only count, length, value/,
  );
  expect(() => compileJsonPath("$.a[?@.b == 1 && !search(@.c, 'x')]")).toThrow(
    /uses (match|search)\(\); only count, length, value/,
  );
  expect(() => compileJsonPath("$[?foo(@)]")).toThrow("uses foo()");
  expect(() => compileJsonPath(`$${".a".repeat(3000)}`)).toThrow("longer than 4096");
});

test("refuses paths that look at a document again and again", () => {
  expect(() => compileJsonPath("$.a[?count($.a[?@ > 5]) > 3]")).toThrow("begin the query in its filter at @");
  expect(() => compileJsonPath("$..a..b..c")).toThrow('has ".." more than 2 times');
  const list = { wanted: 2, list: [{ id: 1 }, { id: 2, v: "x" }] };
  expect(compileJsonPath("$.list[?@.id == $.wanted].v")(list)).toBe("x");
});

test("walks plain paths to what the library finds", () => {
  const key = fc.constantFrom("a", "b", "0");
  const step = fc.oneof(key, fc.integer({ min: -3, max: 3 }));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.integer(),
      fc.constant(null),
      fc.dictionary(key, tie("tree")),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.array(step, { maxLength: 4 }), (value, steps) => {
      const path = `$${steps.map((part) => (typeof part === "number" ? `[${part}]` : `['${part}']`)).join("")}`;
      const json = JSON.parse(JSON.stringify(value));
      expect(compileJsonPath(path)(json)).toEqual(query(json, path)[0]);
    }),
  );
});
