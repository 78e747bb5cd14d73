import { refuse } from "../../../src/core/value-refusal.js";
import { isInt, isNumber, readFloat, readInt, rounded } from "./numbers.js";
import type { Run } from "./run.js";
import { named, printed, type Value } from "./values.js";

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

const widest = 100;

/** Python's `'%05.1f' % value`, as the filter `format` has it. */
export function formatPercent(template: string, values: readonly Value[], run: Run): string {
  let next = 0;
  const text = template.replace(
    /%([-+0 ]*)(\d*)(?:\.(\d+))?([sdifgxXo%])/g,
    (_, flags: string, width: string, precision: string | undefined, type: string) => {
      if (type === "%") return "%";
      const spec = specOf(flags, width, precision, type);
      return padded(written(taken(values, next++), spec, run), spec, flags.includes("-") ? "<" : ">");
    },
  );
  return run.text(text);
}

/** Python's `'{:.1f} {}'.format(value, ...)`; fields go by order or number. */
export function formatBraces(template: string, values: readonly Value[], run: Run): string {
  let next = 0;
  const text = template.replace(
    /\{\{|\}\}|\{(\d*)(?::([<>^]?)([+ ]?)(0?)(\d*)(?:\.(\d+))?([sdfgxXobe%]?))?\}/g,
    (whole, index = "", align = "", sign = "", zero = "", width = "", precision, type = "") => {
      if (whole === "{{" || whole === "}}") return whole.slice(1);
      const value = taken(values, index === "" ? next++ : Number(index));
      const spec = specOf(sign + zero, width, precision, type);
      const plain = written(value, spec, run);
      return padded(plain, spec, align || (typeof value === "string" ? "<" : ">"));
    },
  );
  return run.text(text);
}

function specOf(flags: string, width: string, precision: string | undefined, type: string): Spec {
  const spec = {
    flags,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
  if (spec.width > widest || (spec.precision ?? 0) > widest)
    refuse(`A format is wider than ${widest} characters.`);
  return spec;
}

function taken(values: readonly Value[], index: number): Value {
  return index < values.length ? values[index] : refuse("A format names more values than it is given.");
}

function written(value: Value, { flags, precision, type }: Spec, run: Run): string {
  if (type === "s" || (type === "" && (precision === undefined || typeof value === "string"))) {
    const text = printed(value, run);
    return precision === undefined ? text : text.slice(0, precision);
  }
  const text = digitsOf(value, type === "" ? "g" : type, precision);
  if (text.startsWith("-")) return text;
  return `${flags.includes("+") ? "+" : flags.includes(" ") ? " " : ""}${text}`;
}

function digitsOf(value: Value, type: string, precision: number | undefined): string {
  const size = isNumber(value) || isInt(value) ? readFloat(value) : undefined;
  if (size === undefined) return refuse(`${named(value)} is no number to be formatted.`);
  switch (type) {
    case "f":
      return fixed(size, precision ?? 6);
    case "%":
      return `${fixed(size * 100, precision ?? 6)}%`;
    case "e":
      return size.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, "e$10$2");
    case "g":
      return String(Number(size.toPrecision(Math.max(1, precision ?? 6))));
    case "x":
    case "X": {
      const digits = wholeOf(value).toString(16);
      return type === "X" ? digits.toUpperCase() : digits;
    }
    case "o":
      return wholeOf(value).toString(8);
    case "b":
      return wholeOf(value).toString(2);
    default:
      return String(wholeOf(value));
  }
}

function wholeOf(value: Value): number {
  return readInt(value) ?? refuse(`${named(value)} is no whole number.`);
}

export function fixed(size: number, precision: number): string {
  return Number.isFinite(size) ? rounded(size, precision).toFixed(precision) : String(size);
}

function padded(text: string, { width, flags, type }: Spec, align: string): string {
  if (text.length >= width) return text;
  if (flags.includes("0") && align !== "<" && type !== "s") {
    const [, sign = "", digits = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
    return `${sign}${digits.padStart(width - sign.length, "0")}`;
  }
  if (align === "^") return text.padStart(Math.floor((width + text.length) / 2)).padEnd(width);
  return align === "<" ? text.padEnd(width) : text.padStart(width);
}
