import { type Amount, meansUnit, readAmount, withoutNoise } from "./amount.js";
import { describeCommands } from "./command-words.js";
import { type Locale, machineLocale } from "./locale.js";
import { withUnit } from "./number-print.js";
import { convert, isTemperature, shownUnit } from "./units.js";
import type { Value, ValueSpec } from "./value.js";
import { quoted, refuse } from "./value-refusal.js";

interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly unit?: string;
}

const percent: Range = { min: 0, max: 100, unit: "%" };

/**
 * A number that someone asked for, in the channel's unit, or `undefined` if they wrote none. A text with a sign is a
 * step from `current`, and ends at the range; `=-5` is minus five itself. Anything else outside the range, or between
 * two steps, is refused. A text without a unit is in the unit that `locale` shows; what is converted from another unit
 * is rounded to the nearest step, for it hardly ever falls on one.
 */
export function readNumberCommand(
  spec: Extract<ValueSpec, { kind: "number" | "level" | "cover" }>,
  input: unknown,
  current: Value | undefined,
  locale: Locale = machineLocale,
): number | undefined {
  const range = spec.kind === "number" ? spec : percent;
  const takes = `this channel takes ${describeCommands(spec, { locale })}`;
  if (typeof input === "number" && Number.isFinite(input)) return checked(range, input + 0, takes, locale);
  if (typeof input !== "string") return undefined;

  const text = input.trim();
  const isExact = text.startsWith("=");
  const amount = readAmount(isExact ? text.slice(1) : text);
  if (amount === undefined) return undefined;
  const isStep = amount.signed && !isExact;
  const shown = shownUnit(range.unit, locale);
  const isOwn = shown === undefined && meansUnit(amount.unit, range.unit);
  const converted = isOwn ? undefined : inUnitOf(range, amount, { shown, isStep });
  if (!isOwn && converted === undefined) {
    const unit = shown?.unit ?? range.unit ?? "a plain number";
    return refuse(`${quoted(text)} is in ${amount.unit}, where this channel takes ${unit}.`);
  }
  if (!isStep) {
    if (converted === undefined) return checked(range, amount.value, takes, locale);
    return (
      settled(range, converted) ??
      refuse(`${withUnit(amount.value, amount.unit || shown?.unit, locale)} is out of range: ${takes}.`)
    );
  }
  if (spec.kind === "cover") return undefined;
  if (typeof current !== "number" || !Number.isFinite(current)) {
    return refuse(`${quoted(text)} is a step, but the present value is not known: ${takes}.`);
  }
  return converted === undefined
    ? stepped(range, current + amount.value)
    : stepped(range, roundedTo(current + converted.value, converted.decimals));
}

interface Converted {
  readonly value: number;
  /** Half of one in the last written digit: nobody asked for more precision than that. */
  readonly slack: number;
  /** The digits that are worth sending. */
  readonly decimals: number;
}

/** What was written, in the channel's unit; `undefined` where it measures something else. */
function inUnitOf(
  { unit }: Range,
  amount: Amount,
  { shown, isStep }: { readonly shown: ReturnType<typeof shownUnit>; readonly isStep: boolean },
): Converted | undefined {
  if (unit === undefined) return undefined;
  const written = shown !== undefined && meansUnit(amount.unit, shown.unit) ? shown.unit : amount.unit;
  const value = convert(amount.value, written, unit, isStep ? "difference" : "point");
  const digit = convert(10 ** -amount.decimals, written, unit, "difference");
  if (value === undefined || digit === undefined) return undefined;
  // 70 °F is 21.1 °C, for thermostats speak in tenths; 40 in is 101.6 cm, and still 40 in when it is shown.
  const unwritten = Math.max(0, (shown?.decimals ?? 0) - amount.decimals);
  const finer = isTemperature(unit) ? 1 : 2 + unwritten;
  const decimals = Math.max(0, finer - Math.ceil(Math.log10(digit) - 1e-9));
  return { value, slack: digit / 2, decimals };
}

/** The nearest value that the range has; `undefined` when that is not what was asked for. */
function settled(range: Range, { value, slack, decimals }: Converted): number | undefined {
  const { min = -Infinity, max = Infinity } = range;
  if (value < min - slack || value > max + slack) return undefined;
  return stepped(range, roundedTo(value, decimals));
}

function roundedTo(value: number, decimals: number): number {
  const rounded = Math.round(value * 10 ** decimals) / 10 ** decimals;
  return Number.isFinite(rounded) ? withoutNoise(rounded) : value;
}

function checked(range: Range, value: number, takes: string, locale: Locale): number {
  const { min, max, step, unit } = range;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    return refuse(`${withUnit(value, unit, locale)} is out of range: ${takes}.`);
  }
  if (step === undefined) return value;
  const steps = (value - (min ?? 0)) / step;
  if (Math.abs(steps - Math.round(steps)) <= 1e-6 || !Number.isFinite(steps)) return value;
  const nearest = [Math.floor(steps), Math.ceil(steps)]
    .map((count) => (min ?? 0) + count * step)
    .filter((near) => max === undefined || near <= max)
    .map((near) => withUnit(near, undefined, locale));
  const asked = withUnit(value, unit, locale);
  return refuse(`${asked} is between two steps, nearest ${nearest.join(" and ")}: ${takes}.`);
}

/** The nearest value that the range has. */
function stepped({ min, max, step }: Range, target: number): number {
  const lowest = min ?? -Number.MAX_VALUE;
  const highest = max ?? Number.MAX_VALUE;
  const inside = Math.min(highest, Math.max(lowest, target));
  if (step === undefined) return Math.min(highest, Math.max(lowest, withoutNoise(inside)));
  const base = min ?? 0;
  const last = Math.floor((highest - base) / step + 1e-6);
  const count = Math.min(last, Math.round((inside - base) / step));
  if (!Number.isSafeInteger(count)) return inside;
  return Math.min(highest, Math.max(lowest, withoutNoise(base + count * step)));
}
