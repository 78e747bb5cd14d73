import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readNumberCommand } from "../../src/core/number-command.js";
import type { ValueSpec } from "../../src/core/value.js";

type NumberSpec = Extract<ValueSpec, { kind: "number" }>;

const setPoint: NumberSpec = { kind: "number", unit: "°C", min: 5, max: 30, step: 0.5 };
const freezer: NumberSpec = { kind: "number", unit: "°C", min: -25, max: -15 };

test.each<[NumberSpec, unknown, number | undefined, number | undefined]>([
  [setPoint, 21.5, undefined, 21.5],
  [setPoint, "21,5 °C", undefined, 21.5],
  [setPoint, "21.5c", undefined, 21.5],
  [setPoint, "21.5°", undefined, 21.5],
  [setPoint, "+0.5", 21, 21.5],
  [setPoint, "+0.5", 21.3, 22],
  [setPoint, "+100", 21, 30],
  [setPoint, "-1", 2, 5],
  [{ kind: "number", min: 0, max: 10, step: 3 }, "+9", 5, 9],
  [{ kind: "number", step: 0.1 }, "+0.2", 0.1, 0.3],
  [{ kind: "number", step: 0.1 }, 8.3, undefined, 8.3],
  [{ kind: "number" }, "+0.2", 0.1, 0.3],
  [freezer, -18, undefined, -18],
  [freezer, "=-18", undefined, -18],
  [freezer, "-2 °C", -18, -20],
  [setPoint, "warm", 21, undefined],
  [setPoint, true, 21, undefined],
])("%o asked for %o at %o gives %o", (spec, input, current, value) => {
  expect(readNumberCommand(spec, input, current)).toBe(value);
});

const imperial = { units: "imperial", decimal: ".", timeZone: "America/New_York" } as const;
const celsius: NumberSpec = { kind: "number", unit: "°C" };

test.each<[NumberSpec, unknown, number | undefined, number | undefined]>([
  [setPoint, "70 °F", undefined, 21],
  [setPoint, "294 K", undefined, 21],
  [{ kind: "number", unit: "W", step: 500 }, "2 kW", undefined, 2000],
  [celsius, "70°F", undefined, 21.1],
  [celsius, "70.5F", undefined, 21.39],
  [celsius, "294 K", undefined, 20.9],
  [celsius, "+9 °F", 20, 25],
  [celsius, "-2 K", 20, 18],
  [{ kind: "number", unit: "cm" }, "40 in", undefined, 101.6],
  [{ kind: "number", unit: "°F", min: 41, max: 86, step: 1 }, "21 °C", undefined, 70],
])("%o asked for %o at %o, in another unit, takes the nearest step: %o", (spec, input, current, value) => {
  expect(readNumberCommand(spec, input, current)).toBe(value);
});

test.each<[NumberSpec, unknown, number | undefined, number | undefined]>([
  [setPoint, "70", undefined, 21],
  [setPoint, "70°", undefined, 21],
  [setPoint, "21.3 °C", undefined, 21.5],
  [setPoint, "86", undefined, 30],
  [setPoint, "+2", 21, 22],
  [celsius, "71", undefined, 21.7],
  [celsius, "+1", 20, 20.6],
  [celsius, "=-4", undefined, -20],
  [celsius, 21, undefined, 21],
  [{ kind: "number", unit: "W" }, "100", undefined, 100],
])("in an imperial house, %o asked for %o at %o gives %o", (spec, input, current, value) => {
  expect(readNumberCommand(spec, input, current, imperial)).toBe(value);
});

test.each([
  ["87", "87 °F is out of range: this channel takes a number from 41 to 86 °F."],
  ["35 °C", "35 °C is out of range: this channel takes a number from 41 to 86 °F."],
  ["70 W", '"70 W" is in W, where this channel takes °F.'],
  ["+1", '"+1" is a step, but the present value is not known: this channel takes a number from 41 to 86 °F.'],
])("an imperial house is told in its own unit why %o is refused", (input, sentence) => {
  expect(() => readNumberCommand(setPoint, input, undefined, imperial)).toThrow(sentence);
});

describe("a number is refused", () => {
  test.each<[NumberSpec, unknown, string]>([
    [setPoint, 35, "35 °C is out of range: this channel takes a number from 5 to 30 °C in steps of 0.5."],
    [setPoint, "4.5", "4.5 °C is out of range: this channel takes a number from 5 to 30 °C in steps of 0.5."],
    [
      setPoint,
      21.3,
      "21.3 °C is between two steps, nearest 21 and 21.5: this channel takes a number from 5 to 30 °C in steps of 0.5.",
    ],
    [
      { kind: "number", min: 0, max: 10, step: 3 },
      9.5,
      "9.5 is between two steps, nearest 9: this channel takes a number from 0 to 10 in steps of 3.",
    ],
    [setPoint, "70 W", '"70 W" is in W, where this channel takes °C.'],
    [setPoint, "70 foo", '"70 foo" is in foo, where this channel takes °C.'],
    [{ kind: "number" }, "5 W", '"5 W" is in W, where this channel takes a plain number.'],
    [
      setPoint,
      "90 °F",
      "90 °F is out of range: this channel takes a number from 5 to 30 °C in steps of 0.5.",
    ],
    [
      { kind: "number", unit: "W" },
      "+5",
      '"+5" is a step, but the present value is not known: this channel takes a number in W.',
    ],
  ])("by %o where someone asks for %o", (spec, input, sentence) => {
    expect(() => readNumberCommand(spec, input, undefined)).toThrow(sentence);
  });
});

test.each([undefined, Number.NaN, Infinity, "21"])(
  "a step from %o, which is no number, is refused",
  (current) => {
    expect(() => readNumberCommand(setPoint, "+1", current)).toThrow("the present value is not known");
  },
);

test("a step always ends on a value that may be asked for", () => {
  const specs = fc
    .record({
      min: fc.integer({ min: -500, max: 500 }),
      size: fc.nat(1000),
      step: fc.constantFrom(0.1, 0.25, 0.5, 1, 3, 7),
    })
    .map(
      ({ min, size, step }): NumberSpec => ({ kind: "number", min: min / 10, max: (min + size) / 10, step }),
    );
  const current = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(specs, current, fc.integer({ min: -1000, max: 1000 }), (spec, before, steps) => {
      const value = readNumberCommand(spec, `${steps < 0 ? "" : "+"}${steps / 10}`, before);
      expect(readNumberCommand(spec, value, undefined)).toBe(value);
    }),
    { numRuns: 1000 },
  );
});
