import { expect, test } from "vitest";
import { convert, shownUnit } from "../../src/core/units.js";

test.each([
  [70, "°F", "°C", 21.1111],
  [294, "kelvin", "°C", 20.85],
  [-40, "°C", "F", -40],
  [21, "°C", "℃", 21],
  [10, "m/s", "mph", 22.3694],
  [100, "km/h", "m/s", 27.7778],
  [1013.25, "hPa", "inHg", 29.9213],
  [2.5, "bar", "psi", 36.2594],
  [29.92, "inHg", "mbar", 1013.2075],
  [1, "mi", "km", 1.6093],
  [6, "'", "m", 1.8288],
  [1, "gal", "L", 3.7854],
  [1, "m3", "ft³", 35.3147],
  [10, "LBS", "kg", 4.5359],
  [2, "kW", "W", 2000],
  [3.6, "MJ", "kWh", 1],
  [1.5, "h", "min", 90],
])("%d %s in %s is %d", (value, from, to, expected) => {
  expect(convert(value, from, to)).toBeCloseTo(expected, 4);
});

test("a difference of temperatures has no zero of its own", () => {
  expect(convert(9, "°F", "°C", "difference")).toBeCloseTo(5, 12);
  expect(convert(5, "K", "°C", "difference")).toBe(5);
});

test.each([
  ["°C", "W"],
  ["km", "km/h"],
  ["K", "parsec"],
  ["mW", "MV"],
])("%s and %s measure different things", (from, to) => {
  expect(convert(1, from, to)).toBeUndefined();
});

test.each([
  ["°C", "°F"],
  ["km/h", "mph"],
  ["hPa", "inHg"],
  ["W", undefined],
  ["kWh", undefined],
  ["V", undefined],
  ["%", undefined],
  ["lx", undefined],
  ["ppm", undefined],
  ["K", undefined],
  ["°F", undefined],
  [undefined, undefined],
])("an imperial house is shown %s as %s, a metric one as it is", (unit, shown) => {
  const locale = { decimal: ".", timeZone: "UTC" } as const;
  expect(shownUnit(unit, { ...locale, units: "imperial" })?.unit).toBe(shown);
  expect(shownUnit(unit, { ...locale, units: "metric" })).toBeUndefined();
});
