import { meansUnit, readAmount, withoutNoise } from "./amount.js";
import { describeCommands, withUnit } from "./command-words.js";
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
 * A number that someone asked for, or `undefined` if they wrote none. A text with a sign is a step from `current`, and
 * ends at the range; `=-5` is minus five itself. Anything else outside the range, or between two steps, is refused.
 */
export function readNumberCommand(
  spec: Extract<ValueSpec, { kind: "number" | "level" | "cover" }>,
  input: unknown,
  current: Value | undefined,
): number | undefined {
  const range = spec.kind === "number" ? spec : percent;
  const takes = `this channel takes ${describeCommands(spec)}`;
  if (typeof input === "number" && Number.isFinite(input)) return checked(range, input + 0, takes);
  if (typeof input !== "string") return undefined;

  const text = input.trim();
  const isExact = text.startsWith("=");
  const amount = readAmount(isExact ? text.slice(1) : text);
  if (amount === undefined) return undefined;
  if (!meansUnit(amount.unit, range.unit)) {
    const unit = range.unit === undefined ? "a plain number" : range.unit;
    return refuse(`${quoted(text)} is in ${amount.unit}, where this channel takes ${unit}.`);
  }
  if (isExact || !amount.signed) return checked(range, amount.value, takes);
  if (spec.kind === "cover") return undefined;
  if (typeof current !== "number" || !Number.isFinite(current)) {
    return refuse(`${quoted(text)} is a step, but the present value is not known: ${takes}.`);
  }
  return stepped(range, current + amount.value);
}

function checked(range: Range, value: number, takes: string): number {
  const { min, max, step, unit } = range;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    return refuse(`${withUnit(value, unit)} is out of range: ${takes}.`);
  }
  if (step === undefined) return value;
  const steps = (value - (min ?? 0)) / step;
  if (Math.abs(steps - Math.round(steps)) <= 1e-6 || !Number.isFinite(steps)) return value;
  const nearest = [Math.floor(steps), Math.ceil(steps)]
    .map((count) => (min ?? 0) + count * step)
    .filter((near) => max === undefined || near <= max)
    .map((near) => String(withoutNoise(near)));
  return refuse(`${withUnit(value, unit)} is between two steps, nearest ${nearest.join(" and ")}: ${takes}.`);
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
