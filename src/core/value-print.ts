import { booleanClassOf, wordsOf } from "./boolean-words.js";
import { withUnit } from "./command-words.js";
import { colorName } from "./css-colors.js";
import type { Image, Location, Value, ValueSpec } from "./value.js";

/** A value for people: `on`, `40 %`, `21.4 °C`. A value of another kind, left by an older definition, is shown as it is. */
export function printValue(spec: ValueSpec, value: Value): string {
  switch (spec.kind) {
    case "switch":
    case "contact": {
      const [yes, no] = wordsOf(booleanClassOf(spec));
      return typeof value === "boolean" ? (value ? yes : no) : printAny(value);
    }
    case "level":
      return typeof value === "number" ? `${wholePercent(value)} %` : printAny(value);
    case "cover":
      return typeof value === "number" ? printOpening(value) : printAny(value);
    case "number":
      return typeof value === "number" ? withUnit(rounded(value, spec.unit), spec.unit) : printAny(value);
    case "color": {
      const name = typeof value === "string" ? colorName(value) : undefined;
      return name === undefined ? printAny(value) : `${printAny(value)} (${name})`;
    }
    case "datetime":
      return typeof value === "string"
        ? value.replace(/^(\S+)T(\d\d:\d\d)\S*Z$/, "$1 $2 UTC")
        : printAny(value);
    case "text":
    case "choice":
    case "lock":
    case "location":
    case "image":
    case "button":
    case "event":
      return printAny(value);
  }
}

function printAny(value: Value): string {
  if (typeof value !== "object") return String(value);
  return "lat" in value ? printLocation(value) : printImage(value);
}

/** Only what is wholly open or closed is said to be. */
function printOpening(value: number): string {
  const percent = wholePercent(value);
  if (percent === 100) return "open";
  return percent === 0 ? "closed" : `${percent} % open`;
}

/** Rounded, but 0 and 100 are said of nothing else: a lamp at 0.4 % is lit. */
function wholePercent(value: number): number {
  if (value <= 0) return 0;
  return value >= 100 ? 100 : Math.min(99, Math.max(1, Math.round(value)));
}

/** Two decimals for what is measured, but three digits at least: 0.00125 bar is not 0. */
function rounded(value: number, unit: string | undefined): number {
  if (unit === undefined || unit === "") return Number(value.toPrecision(10));
  return Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.round(value * 100) / 100;
}

function printLocation({ lat, lon, accuracy }: Location): string {
  const place = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
  return accuracy === undefined ? place : `${place} (±${Math.round(accuracy)} m)`;
}

function printImage({ contentType, size }: Image): string {
  return `${contentType}, ${printSize(size)}`;
}

function printSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${Math.round(bytes / 100_000) / 10} MB`;
}
