import type { Locale } from "./locale.js";

/** `value × factor + offset` is the same in the first unit of its list. */
type Unit = readonly [name: string, factor: number, offset?: number];

const inch = 0.0254;
const gallon = 3.785411784;
const pound = 0.45359237;

/** What can be converted, by dimension. A unit that is not here is only ever itself. */
const dimensions: readonly (readonly Unit[])[] = [
  [
    ["°C", 1],
    ["K", 1, -273.15],
    ["°F", 5 / 9, -160 / 9],
  ],
  [
    ["m", 1],
    ["mm", 0.001],
    ["cm", 0.01],
    ["km", 1000],
    ["in", inch],
    ["ft", 12 * inch],
    ["yd", 36 * inch],
    ["mi", 63360 * inch],
  ],
  [
    ["m/s", 1],
    ["km/h", 1 / 3.6],
    ["kn", 1852 / 3600],
    ["ft/s", 12 * inch],
    ["mph", 17.6 * inch],
  ],
  [
    ["mm/h", 1],
    ["in/h", 1000 * inch],
  ],
  [
    ["hPa", 1],
    ["mbar", 1],
    ["Pa", 0.01],
    ["kPa", 10],
    ["bar", 1000],
    ["mmHg", 1.33322387415],
    ["inHg", 33.8638866667],
    ["psi", 68.9475729318],
  ],
  [
    ["l", 1],
    ["ml", 0.001],
    ["m³", 1000],
    ["fl oz", gallon / 128],
    ["gal", gallon],
    ["ft³", 1000 * (12 * inch) ** 3],
  ],
  [
    ["l/min", 1],
    ["l/h", 1 / 60],
    ["m³/h", 1000 / 60],
    ["gal/min", gallon],
  ],
  [
    ["kg", 1],
    ["g", 0.001],
    ["mg", 0.000001],
    ["t", 1000],
    ["oz", pound / 16],
    ["lb", pound],
  ],
  [
    ["W", 1],
    ["mW", 0.001],
    ["kW", 1000],
    ["MW", 1_000_000],
  ],
  [
    ["kWh", 1],
    ["Wh", 0.001],
    ["MWh", 1000],
    ["MJ", 1 / 3.6],
  ],
  [
    ["V", 1],
    ["mV", 0.001],
    ["kV", 1000],
  ],
  [
    ["A", 1],
    ["mA", 0.001],
  ],
  [
    ["Hz", 1],
    ["kHz", 1000],
    ["MHz", 1_000_000],
  ],
  [
    ["s", 1],
    ["ms", 0.001],
    ["min", 60],
    ["h", 3600],
    ["d", 86_400],
  ],
];

const otherNames: Readonly<Record<string, string>> = {
  '"': "in",
  "'": "ft",
  lbs: "lb",
  kmh: "km/h",
  kph: "km/h",
  "mi/h": "mph",
  kt: "kn",
  kelvin: "K",
  celsius: "°C",
  fahrenheit: "°F",
  litre: "l",
  liter: "l",
  gpm: "gal/min",
};

/** What a metric unit is shown as in an imperial house, and with how many decimals. */
const imperial: Readonly<Record<string, readonly [unit: string, decimals: number]>> = {
  "°C": ["°F", 1],
  mm: ["in", 2],
  cm: ["in", 1],
  m: ["ft", 1],
  km: ["mi", 1],
  "m/s": ["mph", 1],
  "km/h": ["mph", 1],
  "mm/h": ["in/h", 2],
  hPa: ["inHg", 2],
  mbar: ["inHg", 2],
  kPa: ["psi", 1],
  bar: ["psi", 1],
  ml: ["fl oz", 1],
  l: ["gal", 1],
  "m³": ["ft³", 1],
  "l/min": ["gal/min", 1],
  g: ["oz", 1],
  kg: ["lb", 1],
};

interface Known {
  readonly name: string;
  readonly dimension: number;
  readonly factor: number;
  readonly offset: number;
}

const known = new Map<string, Known>(
  dimensions.flatMap((units, dimension) =>
    units.map(([name, factor, offset = 0]) => [foldUnit(name), { name, dimension, factor, offset }] as const),
  ),
);
for (const [other, name] of Object.entries(otherNames)) {
  const unit = known.get(foldUnit(name));
  if (unit !== undefined) known.set(foldUnit(other), unit);
}

/** A unit as it is compared: `℃`, `°c` and `C` are one, but `mW` and `MW` are two. */
export function foldUnit(unit: string): string {
  return unit
    .normalize("NFKC")
    .replace(/[°\s]/gu, "")
    .replace(/[^mM]+/gu, (letters) => letters.toLowerCase());
}

export function isUnit(written: string): boolean {
  return known.has(foldUnit(written));
}

export function isTemperature(unit: string): boolean {
  return known.get(foldUnit(unit))?.dimension === 0;
}

/** Converts to `to`; `difference`: a length on the scale, not a point of it. `undefined` where they measure different things. */
export function convert(
  value: number,
  from: string,
  to: string,
  kind: "point" | "difference" = "point",
): number | undefined {
  const [source, target] = [known.get(foldUnit(from)), known.get(foldUnit(to))];
  if (source === undefined || target === undefined || source.dimension !== target.dimension) return undefined;
  if (source === target) return value;
  const shift = kind === "point" ? source.offset - target.offset : 0;
  return (value * source.factor + shift) / target.factor;
}

interface Shown {
  readonly unit: string;
  readonly decimals: number;
}

/** The unit that people are shown in place of a channel's own; `undefined` where it is the channel's own. */
export function shownUnit(unit: string | undefined, { units }: Locale): Shown | undefined {
  if (units === "metric" || unit === undefined) return undefined;
  const name = known.get(foldUnit(unit))?.name;
  const [shown, decimals = 1] = (name === undefined ? undefined : imperial[name]) ?? [];
  return shown === undefined ? undefined : { unit: shown, decimals };
}
