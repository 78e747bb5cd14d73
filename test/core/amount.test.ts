import { expect, test } from "vitest";
import { meansUnit, readAmount } from "../../src/core/amount.js";

test.each([
  ["40%", { value: 40, signed: false, decimals: 0, unit: "%" }],
  [" 21,5 ", { value: 21.5, signed: false, decimals: 1, unit: "" }],
  ["-3.5\u00a0°C", { value: -3.5, signed: true, decimals: 1, unit: "°C" }],
  ["−7", { value: -7, signed: true, decimals: 0, unit: "" }],
  ["+ 10", { value: 10, signed: true, decimals: 0, unit: "" }],
  [".5", { value: 0.5, signed: false, decimals: 1, unit: "" }],
  ["21.", { value: 21, signed: false, decimals: 0, unit: "" }],
  ["1.25e-3", { value: 0.00125, signed: false, decimals: 5, unit: "" }],
  ["70.0 °F", { value: 70, signed: false, decimals: 1, unit: "°F" }],
  ["1e3", { value: 1000, signed: false, decimals: 0, unit: "" }],
  ["5 eur", { value: 5, signed: false, decimals: 0, unit: "eur" }],
  ["-0", { value: 0, signed: true, decimals: 0, unit: "" }],
])("%o is read", (text, amount) => {
  expect(readAmount(text)).toStrictEqual(amount);
});

test.each(["", "%", "1 2", "1.2.3", "1,234.5", "5-3", "Infinity", "1e400", "9".repeat(101)])(
  "%o is no amount",
  (text) => {
    expect(readAmount(text)).toBeUndefined();
  },
);

test.each([
  ["", "°C", true],
  ["℃", "°C", true],
  ["C", "°C", true],
  ["°", "°C", true],
  ["kwh", "kWh", true],
  ["m3", "m³", true],
  ["°", "W", false],
  ["°F", "°C", false],
  ["mW", "MW", false],
  ["W", undefined, false],
])("%o meant for %o: %o", (written, unit, expected) => {
  expect(meansUnit(written, unit)).toBe(expected);
});
