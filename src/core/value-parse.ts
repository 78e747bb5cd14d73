import { meansUnit, readAmount } from "./amount.js";
import { booleanClassOf, readBoolean, wordsOf } from "./boolean-words.js";
import { describeCommands, listed } from "./command-words.js";
import { colorNames, readColor } from "./css-colors.js";
import { GatewayError } from "./errors.js";
import type { Locale } from "./locale.js";
import { nearest } from "./nearest.js";
import { readNumberCommand } from "./number-command.js";
import { readImage, readLocation } from "./report-objects.js";
import { readLocalTime, readTimestamp } from "./timestamp.js";
import { booleanWords, type CommandValue, type LockState, type Value, type ValueSpec } from "./value.js";
import { quoted, refuse } from "./value-refusal.js";

const longestText = 65_536;
/** Arithmetic on the way may overshoot the end of a range by this much. */
const overshoot = 1e-6;

const lockReports: ReadonlyMap<string, LockState> = new Map([
  ["locked", "locked"],
  ["lock", "locked"],
  ["unlocked", "unlocked"],
  ["unlock", "unlocked"],
  ["open", "unlocked"],
  ["locking", "locking"],
  ["unlocking", "unlocking"],
  ["opening", "unlocking"],
  ["jammed", "jammed"],
]);

/**
 * What a device reported, in the JSON form of its kind. `raw` may be anything. Throws "value-invalid".
 * The `min`, `max` and `step` of a number bind commands, not reports.
 */
export function parseReport(spec: ValueSpec, raw: unknown): Value {
  switch (spec.kind) {
    case "switch":
    case "contact":
      return (
        readBoolean(raw, booleanWords) ??
        refuse(`${quoted(raw)} is neither ${wordsOf(booleanClassOf(spec)).join(" nor ")}.`)
      );
    case "level":
      return reportedPercent(raw, readBoolean(raw, ["on/off"]));
    case "cover":
      return reportedPercent(raw, readBoolean(raw, ["open/closed"]));
    case "number":
      return reportedNumber(raw, spec.unit) ?? refuse(`${quoted(raw)} is not ${numberIn(spec.unit)}.`);
    case "color":
      return colorOf(raw) ?? refuse(`${quoted(raw)} is not a colour such as #ff8800.`);
    case "text":
      return textOf(raw);
    case "choice":
      return optionOf(spec.options, raw) ?? refuse(`${quoted(raw)} is not one of ${listed(spec.options)}.`);
    case "lock":
      return lockReports.get(wordOf(raw)) ?? refuse(`${quoted(raw)} is not the state of a lock.`);
    case "datetime":
      return timeOf(raw) ?? refuse(`${quoted(raw)} is not a time such as 2026-11-22T08:00:00Z.`);
    case "location":
      return readLocation(raw);
    case "image":
      return readImage(raw);
    case "button":
      return refuse("A button has no value to report.");
    case "event":
      return refuse("An event has no value to report.");
  }
}

/**
 * What someone wants a channel to have, as its device is told. `input` may be anything. `toggle` and steps are worked out
 * from `current`; a step is a text with a sign (`+10`, `-5`), so minus five itself is the number -5 or the text `=-5`.
 * A text that a person wrote comes with their `locale`. Throws "value-invalid", or "channel-read-only" for kinds that take
 * no commands.
 */
export function parseCommand(
  spec: ValueSpec,
  input: unknown,
  current: Value | undefined,
  locale?: Locale,
): CommandValue {
  const misunderstood = (known: readonly string[] = []): never => {
    const meant = typeof input === "string" ? nearest(input, known) : undefined;
    const question = meant === undefined ? "" : ` Did you mean ${meant}?`;
    const takes = describeCommands(spec, locale && { locale });
    return refuse(`${quoted(input)} is not understood: this channel takes ${takes}.${question}`);
  };
  const word = wordOf(input);
  switch (spec.kind) {
    case "switch":
      if (word === "toggle") return toggled(spec, current);
      return readBoolean(input, [booleanClassOf(spec)]) ?? misunderstood();
    case "level":
      if (word === "on") return 100;
      if (word === "off") return 0;
      return readNumberCommand(spec, input, current, locale) ?? misunderstood();
    case "cover":
      if (word === "open") return 100;
      if (word === "close" || word === "closed") return 0;
      if (word === "stop") return word;
      return readNumberCommand(spec, input, current, locale) ?? misunderstood();
    case "number":
      return readNumberCommand(spec, input, current, locale) ?? misunderstood();
    case "color":
      return colorOf(input) ?? misunderstood(colorNames);
    case "text":
      return textOf(input);
    case "choice":
      return optionOf(spec.options, input) ?? misunderstood(spec.options);
    case "lock":
      return word === "lock" || word === "unlock" || word === "open" ? word : misunderstood();
    case "datetime":
      return timeOf(input, locale) ?? misunderstood();
    case "button":
      return word === "press" ? word : misunderstood();
    case "contact":
    case "location":
    case "image":
    case "event":
      throw new GatewayError(
        "channel-read-only",
        `This channel can only be read, for it is ${articled(spec.kind)}.`,
      );
  }
}

/**
 * Whether a command depends on the present value (`toggle`, `+10`), so that doing it twice is not doing it once. A text
 * that only looks like a step counts as one.
 */
export function isRelative(input: unknown): boolean {
  if (typeof input !== "string") return false;
  return wordOf(input) === "toggle" || readAmount(input)?.signed === true;
}

function toggled(spec: ValueSpec, current: Value | undefined): boolean {
  if (typeof current === "boolean") return !current;
  return refuse(
    `The present value is not known, so there is nothing to toggle: say ${describeCommands(spec, { isKnown: false })}.`,
  );
}

function reportedNumber(raw: unknown, unit: string | undefined): number | undefined {
  if (typeof raw === "number") return Number.isFinite(raw) ? raw + 0 : undefined;
  if (typeof raw !== "string") return undefined;
  const amount = readAmount(raw);
  return amount !== undefined && meansUnit(amount.unit, unit) ? amount.value : undefined;
}

function reportedPercent(raw: unknown, isFull: boolean | undefined): number {
  const value = reportedNumber(raw, "%") ?? (isFull === undefined ? undefined : isFull ? 100 : 0);
  if (value === undefined) return refuse(`${quoted(raw)} is not ${numberIn("%")}.`);
  if (value < -overshoot || value > 100 + overshoot) return refuse(`${value} is not between 0 and 100 %.`);
  return Math.min(100, Math.max(0, value));
}

function textOf(raw: unknown): string {
  const text = scalarOf(raw) ?? refuse(`${quoted(raw)} is not a text.`);
  if (text.length > longestText) {
    return refuse(`A text of ${text.length} characters is longer than ${longestText}.`);
  }
  return text;
}

function colorOf(raw: unknown): string | undefined {
  return typeof raw === "string" ? readColor(raw) : undefined;
}

function timeOf(raw: unknown, locale?: Locale): string | undefined {
  if (typeof raw !== "string") return undefined;
  return readTimestamp(raw) ?? (locale && readLocalTime(raw, locale.timeZone));
}

/** An option as it is spelt, else the only one that differs in nothing but case and the marks between words. */
function optionOf(options: readonly string[], raw: unknown): string | undefined {
  const text = scalarOf(raw)?.trim();
  if (text === undefined || options.includes(text)) return text;
  const alike = options.filter((option) => spokenForm(option) === spokenForm(text));
  return alike.length === 1 ? alike[0] : undefined;
}

function spokenForm(option: string): string {
  return option
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");
}

function scalarOf(raw: unknown): string | undefined {
  if (typeof raw === "string") return raw;
  return typeof raw === "boolean" || (typeof raw === "number" && Number.isFinite(raw))
    ? String(raw)
    : undefined;
}

function wordOf(raw: unknown): string {
  return typeof raw === "string" ? raw.trim().toLowerCase() : "";
}

function numberIn(unit: string | undefined): string {
  return unit === undefined || unit === "" ? "a number" : `a number in ${unit}`;
}

function articled(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
