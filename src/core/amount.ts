import { foldUnit } from "./units.js";

/** A number as people and devices write it: `40%`, `21,5`, `+10`, `-3.5 °C`. */
export interface Amount {
  /** Finite, with its sign. */
  readonly value: number;
  /** Whether a sign was written. */
  readonly signed: boolean;
  /** How many digits were written behind the decimal sign. */
  readonly decimals: number;
  /** As written; empty when there is none. */
  readonly unit: string;
}

const longestAmount = 100;
const amountPattern = /^([+\-−])?\s*(\d+(?:[.,]\d*)?|[.,]\d+)(e[+-]?\d+)?(?:\s*([^\d\s.,+\-−].{0,19}))?$/iu;

export function readAmount(text: string): Amount | undefined {
  const trimmed = text.trim();
  if (trimmed.length > longestAmount) return undefined;
  const match = amountPattern.exec(trimmed);
  if (match === null) return undefined;
  const [, sign = "", digits = "", exponent = "", unit = ""] = match;
  const size = Number(`${digits.replace(",", ".")}${exponent}`);
  if (!Number.isFinite(size)) return undefined;
  // Adding zero turns -0 into 0.
  const value = (sign === "" || sign === "+" ? size : -size) + 0;
  const decimals = Math.max(0, (/[.,](\d*)/.exec(digits)?.[1]?.length ?? 0) - Number(exponent.slice(1)));
  return { value, signed: sign !== "", decimals, unit };
}

/** Whether someone who wrote `written` meant `unit`: no unit, `℃` for `°C`, `kwh` for `kWh`, but never `mW` for `MW`. */
export function meansUnit(written: string, unit: string | undefined): boolean {
  if (written === "") return true;
  if (unit === undefined) return false;
  if (written === "°") return unit.startsWith("°");
  return foldUnit(written) === foldUnit(unit);
}

/** A number without the noise of binary fractions: 0.1 + 0.2 is 0.3. */
export function withoutNoise(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}
