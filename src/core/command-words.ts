import { withoutNoise } from "./amount.js";
import { booleanClassOf, wordsOf } from "./boolean-words.js";
import type { ValueSpec } from "./value.js";

const listedOptions = 10;

/**
 * What a channel takes, as one phrase for help and errors: `on, off or toggle`; without the last where nobody knows how
 * it is. Empty where it takes no commands.
 */
export function describeCommands(spec: ValueSpec, isKnown = true): string {
  switch (spec.kind) {
    case "switch":
      return isKnown
        ? `${wordsOf(booleanClassOf(spec)).join(", ")} or toggle`
        : wordsOf(booleanClassOf(spec)).join(" or ");
    case "level":
      return "on, off, a number from 0 to 100 % or a step such as +10";
    case "cover":
      return "open, close, stop or a number from 0 to 100 %";
    case "color":
      return "a colour such as orange or #ff8800";
    case "number":
      return describeRange(spec);
    case "text":
      return "any text";
    case "choice":
      return `one of ${listed(spec.options)}`;
    case "lock":
      return "lock, unlock or open";
    case "datetime":
      return "a date and time such as 2026-11-22T08:00:00Z";
    case "button":
      return "press";
    case "contact":
    case "location":
    case "image":
    case "event":
      return "";
  }
}

/** The first ten of them, and how many more there are. */
export function listed(options: readonly string[]): string {
  const more = options.length - listedOptions;
  return `${options.slice(0, listedOptions).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** `21.5 °C`; without a unit, the number alone. */
export function withUnit(value: number, unit: string | undefined): string {
  const number = String(withoutNoise(value));
  if (unit === undefined || unit === "") return number;
  return unit === "°" ? `${number}°` : `${number} ${unit}`;
}

function describeRange({ min, max, step, unit }: Extract<ValueSpec, { kind: "number" }>): string {
  const inSteps = step === undefined ? "" : ` in steps of ${withoutNoise(step)}`;
  const steps = min !== undefined && min < 0 ? `${inSteps}; write a minus as =${min}` : inSteps;
  if (min !== undefined && max !== undefined) return `a number from ${min} to ${withUnit(max, unit)}${steps}`;
  if (min !== undefined) return `a number from ${withUnit(min, unit)} up${steps}`;
  if (max !== undefined) return `a number up to ${withUnit(max, unit)}${steps}`;
  return unit === undefined || unit === "" ? `a number${steps}` : `a number in ${unit}${steps}`;
}
