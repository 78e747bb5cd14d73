import { booleanClassOf, wordsOf } from "./boolean-words.js";
import { colorName } from "./css-colors.js";
import { type Locale, machineLocale } from "./locale.js";
import { printNumber, withUnit } from "./number-print.js";
import { printLocalTime } from "./timestamp.js";
import type { Image, Location, Value, ValueSpec } from "./value.js";

/** A value for people: `on`, `40 %`, `21.4 °C`. A value of another kind, left by an older definition, is shown as it is. */
export function printValue(spec: ValueSpec, value: Value, locale: Locale = machineLocale): string {
  switch (spec.kind) {
    case "switch":
    case "contact": {
      const [yes, no] = wordsOf(booleanClassOf(spec));
      return typeof value === "boolean" ? (value ? yes : no) : printAny(value, locale);
    }
    case "level":
      return typeof value === "number" ? `${wholePercent(value)} %` : printAny(value, locale);
    case "cover":
      return typeof value === "number" ? printOpening(value) : printAny(value, locale);
    case "number":
      return typeof value === "number" ? printNumber(value, spec.unit, locale) : printAny(value, locale);
    case "color": {
      const name = typeof value === "string" ? colorName(value) : undefined;
      return name === undefined ? printAny(value, locale) : `${printAny(value, locale)} (${name})`;
    }
    case "datetime":
      return typeof value === "string" ? printLocalTime(value, locale.timeZone) : printAny(value, locale);
    case "text":
    case "choice":
    case "lock":
    case "location":
    case "image":
    case "button":
    case "event":
      return printAny(value, locale);
  }
}

function printAny(value: Value, locale: Locale): string {
  if (typeof value === "number") return withUnit(value, undefined, locale);
  if (typeof value !== "object") return String(value);
  return "lat" in value ? printLocation(value, locale) : printImage(value, locale);
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

/** Coordinates keep the point, with which every map understands them. */
function printLocation({ lat, lon, accuracy }: Location, locale: Locale): string {
  const place = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
  return accuracy === undefined ? place : `${place} (±${printNumber(Math.round(accuracy), "m", locale)})`;
}

function printImage({ contentType, size }: Image, locale: Locale): string {
  return `${contentType}, ${printSize(size, locale)}`;
}

function printSize(bytes: number, locale: Locale): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return withUnit(Math.round(bytes / 100_000) / 10, "MB", locale);
}
