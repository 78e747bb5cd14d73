import { parseJson } from "../../../src/core/json.js";
import { refuse } from "../../../src/core/value-refusal.js";
import { type Callable, taking } from "./arguments.js";
import { formatPercent } from "./format.js";
import { outermost, picked, selected, sorted, unique } from "./lists.js";
import { replaced, shown, stripped, textOf, titled } from "./methods.js";
import { float, int, isInt, isNumber, number, readFloat, readInt, rounded } from "./numbers.js";
import { matchesOf, replacedIn } from "./regex.js";
import type { Run } from "./run.js";
import { entriesOf, isDict, isTrue, itemsOf, jsonOf, named, type Value } from "./values.js";

/** A template asked with `is_defined` for what its message does not have: the message says nothing. */
export class NothingSaid extends Error {}

const everywhere = Number.POSITIVE_INFINITY;

/** The filters that there are, as Jinja and Home Assistant name them. */
export const filters: ReadonlyMap<string, Callable> = new Map(
  Object.entries({
    int: taking(
      "value, default, base",
      (_, value, other, base) =>
        readInt(value, base === undefined ? 10 : readInt(base)) ?? orElse(value, other, "whole number"),
    ),
    float: taking("value, default", (_, value, other) => {
      const size = readFloat(value);
      return size === undefined ? orElse(value, other, "number") : float(size);
    }),
    bool: taking("value, default", (_, value, other) => boolOf(value) ?? orElse(value, other, "boolean")),
    round: taking("value, precision, method, default", (_, value, precision, method, other) =>
      roundOf(value, precision, method, other),
    ),
    abs: taking("value", (_, value) => like(value, Math.abs(numberOf(value)))),
    default: taking("value, default_value, boolean", defaultOf),
    d: taking("value, default_value, boolean", defaultOf),
    is_defined: taking("value", (_, value) => {
      if (value === undefined) throw new NothingSaid();
      return value;
    }),
    iif: taking("value, if_true, if_false, if_none", iif),
    lower: taking("value", (run, value) => shown(value, run).toLowerCase()),
    upper: taking("value", (run, value) => shown(value, run).toUpperCase()),
    title: taking("value", (run, value) => titled(shown(value, run))),
    capitalize: taking("value", (run, value) => {
      const text = shown(value, run);
      return `${text.slice(0, 1).toUpperCase()}${text.slice(1).toLowerCase()}`;
    }),
    trim: taking("value, chars", (run, value, chars) => stripped(shown(value, run), chars, true, true)),
    replace: taking("value, old, new, count", (run, value, old, other, count) =>
      replaced(shown(value, run), run, shown(old, run), shown(other, run), count),
    ),
    truncate: taking("value, length, killwords, end", (run, value, length, kills, end) =>
      truncated(shown(value, run), length, kills, end),
    ),
    format: taking("value, ...", (run, value, ...values) => formatPercent(textOf(value), values, run)),
    string: taking("value", (run, value) => shown(value, run)),
    length: taking("value", (run, value) => itemsOf(value, run).length),
    count: taking("value", (run, value) => itemsOf(value, run).length),
    first: taking("value", (run, value) => itemsOf(value, run)[0]),
    last: taking("value", (run, value) => itemsOf(value, run).at(-1)),
    list: taking("value", (run, value) => [...itemsOf(value, run)]),
    join: taking("value, d, attribute", (run, value, mark = "", attribute = undefined) =>
      run.joined(
        picked(value, attribute, run).map((item) => shown(item, run)),
        textOf(mark),
      ),
    ),
    sort: taking("value, reverse, case_sensitive, attribute", (run, value, reverse, isCase, attribute) =>
      sorted(value, reverse, isCase, attribute, run),
    ),
    reverse: taking("value", (run, value) =>
      typeof value === "string" ? [...value].reverse().join("") : [...itemsOf(value, run)].reverse(),
    ),
    unique: taking("value", (run, value) => unique(itemsOf(value, run), run)),
    min: taking("value", (run, value) => outermost(itemsOf(value, run), -1, run)),
    max: taking("value", (run, value) => outermost(itemsOf(value, run), 1, run)),
    sum: taking("value, attribute, start", (run, value, attribute, start = 0) =>
      picked(value, attribute, run).reduce<Value>((sum, item) => added(sum, item), start),
    ),
    average: taking("value, default", (run, value, other) => {
      const items = itemsOf(value, run);
      return items.length === 0
        ? orElse(value, other, "list of numbers")
        : float(items.reduce<number>((sum, item) => sum + numberOf(item), 0) / items.length);
    }),
    map: taking("value, attribute", (run, value, attribute) =>
      picked(value, attribute ?? refuse("The filter map needs an attribute here."), run),
    ),
    selectattr: taking("value, attribute, test, other", (run, value, attribute, test, other) =>
      selected(value, attribute, test, other, run, true),
    ),
    rejectattr: taking("value, attribute, test, other", (run, value, attribute, test, other) =>
      selected(value, attribute, test, other, run, false),
    ),
    items: taking("value", (run, value) =>
      isDict(value)
        ? entriesOf(value).map(([key, member]) => {
            run.charge(1);
            return [key, member];
          })
        : refuse(`${named(value)} is no dictionary.`),
    ),
    add: taking("value, amount, default", (_, value, amount, other) =>
      counted(value, other, (size) => size + numberOf(amount)),
    ),
    multiply: taking("value, amount, default", (_, value, amount, other) =>
      counted(value, other, (size) => size * numberOf(amount)),
    ),
    bitwise_and: taking("first_value, second_value", (_, a, b) => bits(a, b, (left, right) => left & right)),
    bitwise_or: taking("first_value, second_value", (_, a, b) => bits(a, b, (left, right) => left | right)),
    bitwise_xor: taking("first_value, second_value", (_, a, b) => bits(a, b, (left, right) => left ^ right)),
    sqrt: taking("value, default", (_, value, other) => counted(value, other, Math.sqrt)),
    log: taking("value, base", (_, value, base) =>
      float(
        base === undefined ? Math.log(numberOf(value)) : Math.log(numberOf(value)) / Math.log(numberOf(base)),
      ),
    ),
    ord: taking("value", (_, value) => textOf(value).codePointAt(0)),
    from_json: taking("value, default", (_, value, other) => fromJson(value, other)),
    to_json: taking("value", (run, value) => run.text(JSON.stringify(jsonOf(value, run)))),
    tojson: taking("value", (run, value) => run.text(JSON.stringify(jsonOf(value, run)))),
    regex_match: taking(
      "value, find, ignorecase",
      (run, value, find = "", ignorecase = false) =>
        matches(value, find, ignorecase, true, 1, run).length > 0,
    ),
    regex_search: taking(
      "value, find, ignorecase",
      (run, value, find = "", ignorecase = false) =>
        matches(value, find, ignorecase, false, 1, run).length > 0,
    ),
    regex_findall: taking("value, find, ignorecase", (run, value, find = "", ignorecase = false) =>
      findAll(value, find, ignorecase, run),
    ),
    regex_findall_index: taking(
      "value, find, index, ignorecase",
      (run, value, find = "", index = 0, ignorecase = false) => {
        const all = findAll(value, find, ignorecase, run);
        return (
          all[readInt(index) ?? 0] ??
          refuse(`The expression found ${all.length} times; there is no number ${shown(index, run)}.`)
        );
      },
    ),
    regex_replace: taking(
      "value, find, replace, ignorecase",
      (run, value, find = "", other = "", ignorecase = false) =>
        replacedIn(shown(value, run), textOf(find), textOf(other), isTrue(ignorecase), run),
    ),
  }),
);

function orElse(value: Value, other: Value, noun: string): Value {
  return other === undefined ? refuse(`${named(value)} is no ${noun}, and there is no default.`) : other;
}

function defaultOf(_: Run, value: Value, other: Value = "", whereFalse: Value = false): Value {
  return value === undefined || (isTrue(whereFalse) && !isTrue(value)) ? other : value;
}

export function iif(
  _: Run,
  value: Value,
  ifTrue: Value = true,
  ifFalse: Value = false,
  ifNone: Value = ifFalse,
): Value {
  if (value === null || value === undefined) return ifNone;
  return isTrue(value) ? ifTrue : ifFalse;
}

export function numberOf(value: Value): number {
  if (typeof value === "boolean") return Number(value);
  return isNumber(value) ? number(value) : refuse(`${named(value)} is no number.`);
}

/** A whole number stays one. */
function like(value: Value, size: number): Value {
  return isInt(value) ? int(size) : float(size);
}

export function boolOf(value: Value): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (isNumber(value)) return number(value) !== 0;
  if (typeof value !== "string") return undefined;
  const word = value.trim().toLowerCase();
  if (["true", "yes", "on", "enable", "1"].includes(word)) return true;
  return ["false", "no", "off", "disable", "0"].includes(word) ? false : undefined;
}

function roundOf(value: Value, precision: Value, method: Value, other: Value): Value {
  const size = readFloat(value);
  if (size === undefined || !Number.isFinite(size)) return orElse(value, other, "number");
  const digits = Math.max(-15, Math.min(15, precision === undefined ? 0 : (readInt(precision) ?? 0)));
  const unit = 10 ** digits;
  const near =
    method === "floor"
      ? Math.floor(size * unit) / unit
      : method === "ceil"
        ? Math.ceil(size * unit) / unit
        : method === "half"
          ? rounded(size * 2, 0) / 2
          : rounded(size, digits);
  return digits === 0 && method !== "half" ? int(near) : float(near);
}

function truncated(text: string, length: Value, kills: Value, end: Value): string {
  const most = length === undefined ? 255 : (readInt(length) ?? 255);
  const tail = end === undefined ? "..." : textOf(end);
  // Jinja's leeway: a text that is a little longer stays whole.
  if (text.length <= most + 5) return text;
  const cut = text.slice(0, Math.max(0, most - tail.length));
  return (isTrue(kills ?? false) || !cut.includes(" ") ? cut : cut.slice(0, cut.lastIndexOf(" "))) + tail;
}

function added(a: Value, b: Value): Value {
  const sum = numberOf(a) + numberOf(b);
  return isInt(a) && isInt(b) ? int(sum) : float(sum);
}

function counted(value: Value, other: Value, count: (size: number) => number): Value {
  const size = readFloat(value);
  return size === undefined ? orElse(value, other, "number") : float(count(size));
}

function bits(a: Value, b: Value, count: (left: bigint, right: bigint) => bigint): Value {
  const [left, right] = [a, b].map((each) =>
    isInt(each) ? numberOf(each) : refuse(`${named(each)} is no whole number.`),
  );
  return int(Number(count(BigInt(left ?? 0), BigInt(right ?? 0))));
}

function fromJson(value: Value, other: Value): Value {
  try {
    return parseJson(textOf(value));
  } catch (error) {
    if (other === undefined) throw error;
    return other;
  }
}

function matches(value: Value, find: Value, ignorecase: Value, isAnchored: boolean, most: number, run: Run) {
  return matchesOf(
    textOf(find),
    shown(value, run),
    { ignoresCase: isTrue(ignorecase), isAnchored, most },
    run,
  );
}

/** As re.findall: the whole where there is no group, the group where there is one, else a list of them. */
function findAll(value: Value, find: Value, ignorecase: Value, run: Run): readonly Value[] {
  return matches(value, find, ignorecase, false, everywhere, run).map(([whole, ...groups]) =>
    groups.length === 0 ? whole : groups.length === 1 ? groups[0] : groups,
  );
}
