import { expect, test } from "vitest";
import { colorOf } from "../../../adapters/payload/color.js";
import type { JsonValue } from "../../../src/core/json.js";

test.each<[JsonValue, string | undefined]>([
  ["#FF8800", "#ff8800"],
  ["ff880000", "#ff8800"],
  ["FF8800007F", "#ff8800"],
  ["255,136,0", "#ff8800"],
  ["255,136,0,0,127", "#ff8800"],
  [" orange ", "orange"],
  [[255, 136, 0], "#ff8800"],
  [{ r: 255, g: 136, b: 0 }, "#ff8800"],
  [{ red: 255, green: 136, blue: 0, white: 3 }, "#ff8800"],
  [{ hue: 0, saturation: 100 }, "#ff0000"],
  [{ hue: 39, saturation: 100, x: 0.1, y: 0.1 }, "#ffa600"],
  [{ h: 240, s: 50 }, "#8080ff"],
  [{ h: 360, s: 0 }, "#ffffff"],
  [{ x: 0.64, y: 0.33 }, "#ff0000"],
  [{ x: 0.15, y: 0.06 }, "#0000ff"],
  [{ x: 0.3127, y: 0.329 }, "#ffffff"],
  [{ x: 0, y: 0 }, undefined],
  [{ c: 3, w: 4 }, undefined],
  [{}, undefined],
])("reads %j", (raw, color) => {
  expect(colorOf(raw)).toBe(color);
});

test.each([[7], [true], [[255, "green"]]])("refuses %j", (raw) => {
  expect(() => colorOf(raw)).toThrow(expect.objectContaining({ code: "value-invalid" }));
});
