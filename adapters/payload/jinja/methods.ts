import { refuse } from "../../../src/core/value-refusal.js";
import { type Callable, taking } from "./arguments.js";
import { formatBraces } from "./format.js";
import { readInt } from "./numbers.js";
import type { Run } from "./run.js";
import {
  entriesOf,
  isDict,
  isEqual,
  isList,
  itemsOf,
  memberOf,
  named,
  printed,
  type Value,
} from "./values.js";

type OfText = (text: string, run: Run, ...values: Value[]) => Value;

const ofText: Readonly<Record<string, readonly [string, OfText]>> = {
  split: ["sep, maxsplit", (text, run, mark, most) => split(text, run, mark, most)],
  rsplit: ["sep, maxsplit", (text, run, mark, most) => rightSplit(text, run, mark, most)],
  splitlines: ["", (text, run) => charged(text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/), run)],
  strip: ["chars", (text, _, chars) => stripped(text, chars, true, true)],
  lstrip: ["chars", (text, _, chars) => stripped(text, chars, true, false)],
  rstrip: ["chars", (text, _, chars) => stripped(text, chars, false, true)],
  lower: ["", (text) => text.toLowerCase()],
  upper: ["", (text) => text.toUpperCase()],
  title: ["", (text) => titled(text)],
  capitalize: ["", (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1).toLowerCase()}`],
  replace: [
    "old, new, count",
    (text, run, old, other, count) => replaced(text, run, textOf(old), textOf(other), count),
  ],
  startswith: ["prefix", (text, _, start) => textsOf(start).some((each) => text.startsWith(each))],
  endswith: ["suffix", (text, _, end) => textsOf(end).some((each) => text.endsWith(each))],
  removeprefix: [
    "prefix",
    (text, _, start) => (text.startsWith(textOf(start)) ? text.slice(textOf(start).length) : text),
  ],
  removesuffix: [
    "suffix",
    (text, _, end) => (text.endsWith(textOf(end)) ? text.slice(0, text.length - textOf(end).length) : text),
  ],
  find: ["sub", (text, _, part) => text.indexOf(textOf(part))],
  rfind: ["sub", (text, _, part) => text.lastIndexOf(textOf(part))],
  count: ["sub", (text, run, part) => charged(text.split(textOf(part)), run).length - 1],
  join: [
    "items",
    (text, run, items) =>
      run.joined(
        itemsOf(items, run).map((item) => textOf(item)),
        text,
      ),
  ],
  zfill: ["width", (text, run, width) => filled(text, run, width)],
  format: ["...", (text, run, ...values) => formatBraces(text, values, run)],
  isdigit: ["", (text) => /^\d+$/.test(text)],
  isnumeric: ["", (text) => /^\p{N}+$/u.test(text)],
  isalpha: ["", (text) => /^\p{L}+$/u.test(text)],
  isalnum: ["", (text) => /^[\p{L}\p{N}]+$/u.test(text)],
  isupper: ["", (text) => text !== text.toLowerCase() && text === text.toUpperCase()],
  islower: ["", (text) => text !== text.toUpperCase() && text === text.toLowerCase()],
};

/** A method of a text, a list or a dictionary; `undefined` where it has none of that name. */
export function methodOf(value: Value, name: string): Callable | undefined {
  if (typeof value === "string") {
    const [parameters, call] = (Object.hasOwn(ofText, name) ? ofText[name] : undefined) ?? [];
    if (parameters === undefined || call === undefined) return undefined;
    return taking(parameters, (run, ...values) => {
      run.charge(value.length / 64);
      return call(value, run, ...values);
    });
  }
  if (isList(value)) {
    if (name === "index") return taking("item", (run, item) => positionIn(value, item, run));
    if (name !== "count") return undefined;
    return taking("item", (run, item) => value.filter((each) => isEqual(each, item, run)).length);
  }
  if (!isDict(value)) return undefined;
  switch (name) {
    case "get":
      return taking("key, default", (_, key, other = null) => memberOf(value, key) ?? other);
    case "items":
      return taking("", (run) => charged(entriesOf(value), run).map(([key, member]) => [key, member]));
    case "keys":
      return taking("", (run) => charged(entriesOf(value), run).map(([key]) => key));
    case "values":
      return taking("", (run) => charged(entriesOf(value), run).map(([, member]) => member));
    default:
      return undefined;
  }
}

function charged<Item>(items: readonly Item[], run: Run): readonly Item[] {
  run.charge(items.length);
  return items;
}

export function textOf(value: Value): string {
  return typeof value === "string" ? value : refuse(`${named(value)} is no text.`);
}

function textsOf(value: Value): readonly string[] {
  return isList(value) ? value.map(textOf) : [textOf(value)];
}

function positionIn(list: readonly Value[], item: Value, run: Run): number {
  const index = list.findIndex((each) => isEqual(each, item, run));
  return index < 0 ? refuse(`${named(item)} is not in the list.`) : index;
}

function split(text: string, run: Run, mark: Value, most: Value): readonly string[] {
  const limit = most === undefined ? -1 : (readInt(most) ?? -1);
  if (mark === undefined || mark === null)
    return charged(text.trim() === "" ? [] : atSpaces(text.trim(), limit), run);
  if (textOf(mark) === "") refuse("A text cannot be split at nothing.");
  const parts = charged(text.split(textOf(mark)), run);
  return limit < 0 || parts.length <= limit + 1
    ? parts
    : [...parts.slice(0, limit), parts.slice(limit).join(textOf(mark))];
}

function atSpaces(text: string, limit: number): readonly string[] {
  if (limit < 0) return text.split(/\s+/);
  const parts: string[] = [];
  let rest = text;
  while (parts.length < limit) {
    const gap = /\s+/.exec(rest);
    if (gap === null) break;
    parts.push(rest.slice(0, gap.index));
    rest = rest.slice(gap.index + gap[0].length);
  }
  return [...parts, rest];
}

function rightSplit(text: string, run: Run, mark: Value, most: Value): readonly string[] {
  const limit = most === undefined ? -1 : (readInt(most) ?? -1);
  const parts = split(text, run, mark, undefined);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const joint = typeof mark === "string" ? mark : " ";
  const cut = parts.length - limit;
  return [parts.slice(0, cut).join(joint), ...parts.slice(cut)];
}

export function stripped(text: string, chars: Value, isLeft: boolean, isRight: boolean): string {
  const isOut =
    chars === undefined || chars === null
      ? (character: string) => /\s/.test(character)
      : (character: string) => textOf(chars).includes(character);
  let [start, end] = [0, text.length];
  while (isLeft && start < end && isOut(text[start] ?? "")) start += 1;
  while (isRight && end > start && isOut(text[end - 1] ?? "")) end -= 1;
  return text.slice(start, end);
}

export function titled(text: string): string {
  return text.replace(
    /\p{L}+/gu,
    (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`,
  );
}

export function replaced(text: string, run: Run, old: string, other: string, count: Value): string {
  const pieces = charged(old === "" ? ["", ...text, ""] : text.split(old), run);
  const most = count === undefined || count === null ? pieces.length - 1 : (readInt(count) ?? 0);
  const cut = most < 0 ? pieces.length - 1 : Math.min(most, pieces.length - 1);
  run.room(text.length + cut * other.length);
  return [...pieces.slice(0, cut), pieces.slice(cut).join(old)].join(other);
}

function filled(text: string, run: Run, width: Value): string {
  const wanted = readInt(width) ?? 0;
  run.room(wanted);
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  return `${sign}${digits.padStart(Math.max(0, wanted - sign.length), "0")}`;
}

export function shown(value: Value, run: Run): string {
  return run.text(printed(value, run));
}
