import { booleanClassOf, wordsOf } from "./boolean-words.js";
import { type Locale, machineLocale } from "./locale.js";
import { shownSpec, withUnit } from "./number-print.js";
import type { ValueSpec } from "./value.js";

const listedOptions = 10;

/**
 * What a channel takes, as one phrase for help and errors: `on, off or toggle`; without the last where nobody knows how
 * it is. Empty where it takes no commands.
 */
export function describeCommands(
  spec: ValueSpec,
  { isKnown = true, locale = machineLocale }: { readonly isKnown?: boolean; readonly locale?: Locale } = {},
): string {
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
      return describeRange(shownSpec(spec, locale), locale);
    case "text":
      return "any text";
    case "choice":
      return `one of ${listed(spec.options)}`;
    case "lock":
      return "lock, unlock or open";
    case "datetime":
      return `a date and time such as ${exampleTime(locale)}`;
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

/** A time as it may be written; people of a house write their own. */
export function exampleTime(locale: Locale): string {
  return locale === machineLocale ? "2026-11-22T08:00:00Z" : "2026-11-22 08:00";
}

function describeRange(
  { min, max, step, unit }: Extract<ValueSpec, { kind: "number" }>,
  locale: Locale,
): string {
  const plain = (value: number) => withUnit(value, undefined, locale);
  const inSteps = step === undefined ? "" : ` in steps of ${plain(step)}`;
  const steps = min !== undefined && min < 0 ? `${inSteps}; write a minus as =${plain(min)}` : inSteps;
  if (min !== undefined && max !== undefined) {
    return `a number from ${plain(min)} to ${withUnit(max, unit, locale)}${steps}`;
  }
  if (min !== undefined) return `a number from ${withUnit(min, unit, locale)} up${steps}`;
  if (max !== undefined) return `a number up to ${withUnit(max, unit, locale)}${steps}`;
  return unit === undefined || unit === "" ? `a number${steps}` : `a number in ${unit}${steps}`;
}
