import { expect, test } from "vitest";
import { colorName, colorNames, componentsOf, readColor } from "../../src/core/css-colors.js";

test("knows the 148 names of CSS Color 4, each a colour", () => {
  expect(colorNames).toHaveLength(148);
  expect(colorNames.map(readColor)).toSatisfy((all: unknown[]) =>
    all.every((hex) => typeof hex === "string" && /^#[0-9a-f]{6}$/.test(hex)),
  );
});

test.each([
  ["rebeccapurple", "#663399"],
  ["Light Goldenrod-Yellow", "#fafad2"],
  ["yellowgreen", "#9acd32"],
  ["#0fA", "#00ffaa"],
  ["00FF7f", "#00ff7f"],
])("%s is %s", (text, hex) => {
  expect(readColor(text)).toBe(hex);
});

test.each(["", "#12", "#ff8800aa", "add", "transparent", "constructor"])("%o is no colour", (text) => {
  expect(readColor(text)).toBeUndefined();
});

test("names a colour only where it is exactly that one", () => {
  expect([colorName("#ffa500"), colorName("#00ffff"), colorName("#ffa501")]).toEqual([
    "orange",
    "cyan",
    undefined,
  ]);
});

test("takes a colour apart", () => {
  expect(componentsOf("#ff8001")).toEqual([255, 128, 1]);
  expect(componentsOf("orange")).toBeUndefined();
});
