import { withoutNoise } from "./amount.js";
import type { Locale } from "./locale.js";
import { convert, isTemperature, shownUnit } from "./units.js";
import type { ValueSpec } from "./value.js";

type NumberSpec = Extract<ValueSpec, { kind: "number" }>;

/** `21.5 °C`; without a unit, the number alone. */
export function withUnit(
  value: number,
  unit: string | undefined,
  { decimal }: Pick<Locale, "decimal">,
): string {
  const number = String(withoutNoise(value)).replace(".", decimal);
  if (unit === undefined || unit === "") return number;
  return unit === "°" ? `${number}°` : `${number} ${unit}`;
}

/** What a channel measured, as people of the house read it: `21.4 °C`, `21,4 °C`, `70.5 °F`. */
export function printNumber(value: number, unit: string | undefined, locale: Locale): string {
  const shown = shownNumber(value, unit, locale);
  return shown === undefined
    ? withUnit(rounded(value, unit), unit, locale)
    : withUnit(shown.value, shown.unit, locale);
}

/** A number spec in the unit that people are shown. Where that is not its own, any number near a step will do. */
export function shownSpec(spec: NumberSpec, locale: Locale): NumberSpec {
  const { min, max, unit } = spec;
  const shown = shownUnit(unit, locale);
  if (shown === undefined) return spec;
  const [least, most] = [min, max].map((limit) =>
    limit === undefined ? undefined : shownNumber(limit, unit, locale)?.value,
  );
  return {
    kind: "number",
    unit: shown.unit,
    ...(least === undefined ? {} : { min: least }),
    ...(most === undefined ? {} : { max: most }),
  };
}

function shownNumber(value: number, unit: string | undefined, locale: Locale) {
  const shown = shownUnit(unit, locale);
  const converted = shown && convert(value, unit ?? "", shown.unit);
  if (shown === undefined || converted === undefined) return undefined;
  // Adding zero turns -0 into 0.
  return { value: roundedTo(converted, shown) + 0, unit: shown.unit };
}

/** Half a tenth of a degree Celsius: as near as this, 71.06 °F is 71 °F. */
const temperatureNoise = 0.09;

function roundedTo(value: number, { unit, decimals }: { readonly unit: string; readonly decimals: number }) {
  const isDegrees = isTemperature(unit);
  const whole = Math.round(value);
  if (isDegrees && Math.abs(value - whole) <= temperatureNoise + 1e-9) return whole;
  return Number(Math.abs(value) < 1 && !isDegrees ? value.toPrecision(3) : value.toFixed(decimals));
}

/** Two decimals for what is measured, but three digits at least: 0.00125 bar is not 0. */
function rounded(value: number, unit: string | undefined): number {
  if (Number.isInteger(value) && Math.abs(value) < 1e10) return value;
  if (unit === undefined || unit === "") return Number(value.toPrecision(10));
  return Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.round(value * 100) / 100;
}
