import fc from "fast-check";
import { expect, test } from "vitest";
import { describeCommands } from "../../src/core/command-words.js";
import type { Locale } from "../../src/core/locale.js";
import { readNumberCommand } from "../../src/core/number-command.js";
import { printNumber } from "../../src/core/number-print.js";

const imperial: Locale = { units: "imperial", decimal: ".", timeZone: "America/New_York" };
const german: Locale = { units: "metric", decimal: ",", timeZone: "Europe/Berlin" };

test.each([
  [21.4, "°C", "70.5 °F"],
  [21.1, "°C", "70 °F"],
  [21.7, "°C", "71 °F"],
  [-17.8, "°C", "0 °F"],
  [-40, "°C", "-40 °F"],
  [5.2, "m/s", "11.6 mph"],
  [1013.25, "hPa", "29.92 inHg"],
  [0.3, "mm", "0.0118 in"],
  [12.7, "mm", "0.5 in"],
  [2.5, "bar", "36.3 psi"],
  [70, "kg", "154.3 lb"],
  [2700, "K", "2700 K"],
  [1234.5, "W", "1234.5 W"],
])("%d %s is %s in an imperial house", (value, unit, shown) => {
  expect(printNumber(value, unit, imperial)).toBe(shown);
});

test("a language's decimal sign is printed, and thousands stay together", () => {
  expect(printNumber(21.4, "°C", german)).toBe("21,4 °C");
  expect(printNumber(-12345.67, undefined, german)).toBe("-12345,67");
});

test("a range is told in the unit that is shown", () => {
  const setPoint = { kind: "number", unit: "°C", min: 5, max: 30, step: 0.5 } as const;
  expect(describeCommands(setPoint, { locale: imperial })).toBe("a number from 41 to 86 °F");
  expect(describeCommands(setPoint, { locale: german })).toBe("a number from 5 to 30 °C in steps of 0,5");
  const freezer = { kind: "number", unit: "°C", min: -30, max: -15 } as const;
  expect(describeCommands(freezer, { locale: imperial })).toBe(
    "a number from -22 to 5 °F; write a minus as =-22",
  );
});

test("what someone reads, they can write back and read again", () => {
  const units = fc.constantFrom("°C", "m/s", "hPa", "mm", "cm", "m", "km", "kg", "l", "bar", "W", undefined);
  const locales = fc.constantFrom(imperial, german);
  const tenths = fc.integer({ min: -3000, max: 30_000 });
  fc.assert(
    fc.property(units, locales, tenths, (unit, locale, value) => {
      const spec = { kind: "number", ...(unit === undefined ? {} : { unit }) } as const;
      const shown = printNumber(value / 10, unit, locale);
      const read = readNumberCommand(spec, `=${shown}`, undefined, locale);
      expect(read === undefined ? read : printNumber(read, unit, locale)).toBe(shown);
    }),
    { numRuns: 2000 },
  );
});

test("the ends of a range are within it as they are shown", () => {
  const specs = fc
    .record({
      unit: fc.constantFrom("°C", "m/s", "hPa", "mm", "kg", "bar"),
      min: fc.integer({ min: -500, max: 500 }),
      size: fc.integer({ min: 10, max: 1000 }),
      step: fc.constantFrom(undefined, 0.1, 0.5),
    })
    .map(({ unit, min, size, step }) => ({
      kind: "number" as const,
      unit,
      min: min / 10,
      max: (min + size) / 10,
      ...(step === undefined ? {} : { step }),
    }));
  fc.assert(
    fc.property(specs, (spec) => {
      for (const end of [spec.min, spec.max]) {
        const shown = printNumber(end, spec.unit, imperial);
        const read = readNumberCommand(spec, `=${shown}`, undefined, imperial) ?? Number.NaN;
        expect(read).toBeGreaterThanOrEqual(spec.min);
        expect(read).toBeLessThanOrEqual(spec.max);
      }
    }),
  );
});
