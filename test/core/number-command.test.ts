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
    [setPoint, "70 °F", '"70 °F" is in °F, where this channel takes °C.'],
    [{ kind: "number" }, "5 W", '"5 W" is in W, where this channel takes a plain number.'],
    [{ kind: "number", unit: "MW" }, "5 mW", '"5 mW" is in mW, where this channel takes MW.'],
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
