import type { JsonValue } from "../../src/core/json.js";
import { quoted, refuse } from "../../src/core/value-refusal.js";

type Components = readonly [number, number, number];

/**
 * A colour as lamps report it, as `#rrggbb`: hex digits (those of white channels behind them are left out), `r,g,b` from
 * 0 to 255, a list of the three, or an object with red, green and blue, with hue (degrees) and saturation (per cent), or with x and y
 * (CIE 1931). An object with none of these says nothing: the lamp shows a white. Throws "value-invalid".
 */
export function colorOf(raw: JsonValue): string | undefined {
  if (typeof raw === "string") return ofText(raw.trim());
  if (Array.isArray(raw)) return hexOf(raw.filter(isNumber)) ?? refuse(`${quoted(raw)} is no colour.`);
  if (typeof raw !== "object" || raw === null) return refuse(`${quoted(raw)} is no colour.`);
  const numbers = (...names: string[]) => names.map((name) => raw[name]).filter(isNumber);
  for (const names of [
    ["r", "g", "b"],
    ["red", "green", "blue"],
  ]) {
    const color = hexOf(numbers(...names));
    if (color !== undefined) return color;
  }
  for (const names of [
    ["hue", "saturation"],
    ["h", "s"],
  ]) {
    const [hue, saturation] = numbers(...names);
    if (hue !== undefined && saturation !== undefined) return hex(ofHue(hue, saturation / 100));
  }
  const [x, y] = numbers("x", "y");
  return x !== undefined && y !== undefined && y > 0 ? hex(ofChromaticity(x, y)) : undefined;
}

function ofText(text: string): string {
  const [, digits] = /^#?([0-9a-f]{6})(?:[0-9a-f]{2}){0,2}$/i.exec(text) ?? [];
  if (digits !== undefined) return `#${digits.toLowerCase()}`;
  return /^\d{1,3}(,\d{1,3}){2,4}$/.test(text) ? (hexOf(text.split(",").map(Number)) ?? text) : text;
}

function hexOf([red, green, blue]: readonly number[]): string | undefined {
  return red === undefined || green === undefined || blue === undefined ? undefined : hex([red, green, blue]);
}

function ofHue(hue: number, saturation: number): Components {
  const at = (offset: number) => {
    const sector = (offset + hue / 60) % 6;
    return 255 * (1 - saturation * Math.max(0, Math.min(sector, 4 - sector, 1)));
  };
  return [at(5), at(3), at(1)];
}

/** At full brightness, by the primaries of sRGB (IEC 61966-2-1). */
function ofChromaticity(x: number, y: number): Components {
  const [X, Z] = [x / y, (1 - x - y) / y];
  const parts = [
    3.2404542 * X - 1.5371385 - 0.4985314 * Z,
    -0.969266 * X + 1.8760108 + 0.041556 * Z,
    0.0556434 * X - 0.2040259 + 1.0572252 * Z,
  ].map((part) => Math.max(0, part));
  const most = Math.max(...parts) || 1;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => 255 * gamma(part / most));
  return [red, green, blue];
}

/** CIE 1931 x and y of a colour, of black those of white; four digits, as lamps count. */
export function chromaticityOf(components: Components): readonly [x: number, y: number] {
  const isBlack = components.every((part) => part === 0);
  const [red = 0, green = 0, blue = 0] = components.map((part) => linear(isBlack ? 1 : part / 255));
  const X = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue;
  const Y = 0.2126729 * red + 0.7151522 * green + 0.072175 * blue;
  const Z = 0.0193339 * red + 0.119192 * green + 0.9503041 * blue;
  const share = (part: number) => Number((part / (X + Y + Z)).toFixed(4));
  return [share(X), share(Y)];
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function gamma(part: number): number {
  return part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055;
}

function hex(components: Components): string {
  const pair = (part: number) =>
    Math.round(Math.min(255, Math.max(0, part)))
      .toString(16)
      .padStart(2, "0");
  return `#${components.map(pair).join("")}`;
}

function isNumber(part: JsonValue | undefined): part is number {
  return typeof part === "number";
}
