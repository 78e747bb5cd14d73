import { refuse } from "../../../src/core/value-refusal.js";

/** A float that is whole: Python tells 39.0 from 39. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** Whole numbers past 2^53 would lose digits without a word. */
export function int(value: number): number {
  return Number.isSafeInteger(value) ? value + 0 : refuse(`${value} is too large for a whole number.`);
}

export function isNumber(value: unknown): value is number | Float {
  return typeof value === "number" || value instanceof Float;
}

export function isInt(value: unknown): boolean {
  return typeof value === "boolean" || (typeof value === "number" && Number.isInteger(value));
}

export function number(value: number | Float): number {
  return value instanceof Float ? value.value : value;
}

/** The number that Python's float() makes of it; `undefined` where it refuses. */
export function readFloat(value: unknown): number | undefined {
  if (typeof value === "boolean") return Number(value);
  if (isNumber(value)) return number(value);
  if (typeof value !== "string" || value.length > 400) return undefined;
  const text = value.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return /^[+-]?nan$/i.test(text) ? Number.NaN : undefined;
}

/** The whole number that Home Assistant's `int` makes of it: that of int(), else of int(float()). */
export function readInt(value: unknown, base = 10): number | undefined {
  if (typeof value === "string" && base !== 10) return readDigits(value.trim(), base);
  const size = readFloat(value);
  return size === undefined || !Number.isFinite(size) ? undefined : int(Math.trunc(size));
}

const prefixes: Readonly<Record<number, RegExp>> = { 2: /^([+-]?)0b/i, 8: /^([+-]?)0o/i, 16: /^([+-]?)0x/i };

function readDigits(text: string, base: number): number | undefined {
  if (base < 2 || base > 36) return undefined;
  const digits = text.replace(prefixes[base] ?? /^(?!)/, "$1").toLowerCase();
  if (!/^[+-]?[0-9a-z]{1,64}$/.test(digits)) return undefined;
  const isOne = [...digits.replace(/^[+-]/, "")].every((digit) => Number.parseInt(digit, 36) < base);
  return isOne ? int(Number.parseInt(digits, base)) : undefined;
}

/** As Python's repr has it. */
export function printedNumber(value: number | Float): string {
  if (value instanceof Float && Math.abs(value.value) < 1e16)
    return `${Object.is(value.value, -0) ? "-0" : value.value}.0`;
  const size = number(value);
  if (Number.isNaN(size)) return "nan";
  if (!Number.isFinite(size)) return size < 0 ? "-inf" : "inf";
  const isExponential =
    value instanceof Float || (!Number.isInteger(size) && size !== 0 && Math.abs(size) < 1e-4);
  if (!isExponential) return String(size);
  const [digits = "", exponent = ""] = size.toExponential().split("e");
  return `${digits}e${exponent.replace(/^([+-])(\d)$/, "$10$2")}`;
}

/** Python's round(): to the nearest, and where two are as near, to the even one. */
export function rounded(value: number, precision: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return value;
  if (precision < 0) {
    const unit = 10 ** -precision;
    return rounded(value / unit, 0) * unit;
  }
  // Exact: a binary fraction has as many decimal digits as it has bits, and a tie few of them.
  const digits = Math.abs(value).toFixed(Math.min(100, precision + 60));
  const cut = digits.length - Math.min(100, precision + 60) + precision;
  const isTie = /^50*$/.test(digits.slice(cut));
  const isEven = Number(digits.slice(0, cut).replace(/\.$/, "").slice(-1)) % 2 === 0;
  const size = isTie && isEven ? Number(digits.slice(0, cut)) : Number(Math.abs(value).toFixed(precision));
  return value < 0 ? -size : size;
}
