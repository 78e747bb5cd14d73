import type { JsonValue } from "../../../src/core/json.js";
import { refuse } from "../../../src/core/value-refusal.js";

import { Float, isNumber, number, printedNumber } from "./numbers.js";
import type { Run } from "./run.js";

/** What a template may change while it runs: `namespace(count=0)`. */
export class Namespace {
  readonly members: Map<string, Value>;

  constructor(members: Map<string, Value>) {
    this.members = members;
  }
}

/** A dictionary: what JSON has as an object, or one of the template's own, whose keys need not be text. */
export type Dict = { readonly [key: string]: JsonValue } | ReadonlyMap<Key, Value>;
export type Key = string | number | boolean | null;
/** Whatever a template handles. Python's None is null; a number that is not whole is a float by itself. */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | Float
  | string
  | readonly Value[]
  | Dict
  | Namespace;

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isDict(value: Value): value is Dict {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Float) &&
    !(value instanceof Namespace)
  );
}

/** Own members only: a dictionary of a message has no constructor. */
export function memberOf(dict: Dict, key: Value): Value {
  const plain = keyOf(key);
  if (dict instanceof Map) return dict.get(plain);
  return typeof plain === "string" && Object.hasOwn(dict, plain) ? (dict as JsonDict)[plain] : undefined;
}
type JsonDict = { readonly [key: string]: JsonValue };

export function hasMember(dict: Dict, key: Value): boolean {
  const plain = keyOf(key);
  return dict instanceof Map ? dict.has(plain) : typeof plain === "string" && Object.hasOwn(dict, plain);
}

export function entriesOf(dict: Dict): readonly (readonly [Key, Value])[] {
  return dict instanceof Map ? [...dict] : Object.entries(dict);
}

/** As in Python, 1, 1.0 and True are one key. */
export function keyOf(value: Value): Key {
  if (value instanceof Float) return value.value;
  if (typeof value === "boolean") return Number(value);
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  return refuse(`${named(value)} is no key.`);
}

export function isTrue(value: Value): boolean {
  if (isNumber(value)) return number(value) !== 0;
  if (isList(value)) return value.length > 0;
  if (isDict(value)) return entriesOf(value).length > 0;
  return Boolean(value);
}

/** The items that a loop goes through. */
export function itemsOf(value: Value, run: Run): readonly Value[] {
  const items = membersOf(value);
  run.charge(items.length);
  return items;
}

function membersOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (typeof value === "string") return [...value];
  if (isDict(value)) return entriesOf(value).map(([key]) => key);
  return value === undefined ? [] : refuse(`${named(value)} has no items.`);
}

/** What it is, as the subject of a sentence. */
export function named(value: Value): string {
  if (value === undefined) return "An undefined value";
  if (value === null) return "None";
  if (isNumber(value) || typeof value === "boolean") return printedPlain(value);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (isList(value)) return "A list";
  return value instanceof Namespace ? "A namespace" : "A dictionary";
}

function printedPlain(value: boolean | number | Float): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return printedNumber(value);
}

/** As Python prints it: `True`, `None`, `39.0`, `['a', 1]`; nothing for what is undefined. */
export function printed(value: Value, run: Run): string {
  return typeof value === "string" ? value : value === undefined ? "" : represented(value, run);
}

function represented(value: Value, run: Run): string {
  run.charge(1);
  if (value === undefined) return "Undefined";
  if (value === null) return "None";
  if (typeof value === "boolean" || isNumber(value)) return printedPlain(value);
  if (typeof value === "string") return run.text(quotedAsPython(value));
  if (isList(value)) return run.text(`[${value.map((item) => represented(item, run)).join(", ")}]`);
  if (value instanceof Namespace) return "<Namespace>";
  const members = entriesOf(value).map(
    ([key, member]) => `${represented(key, run)}: ${represented(member, run)}`,
  );
  return run.text(`{${members.join(", ")}}`);
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function quotedAsPython(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\n\r\t\\]/g, (character) => escapes[character] ?? "");
  return `${mark}${mark === "'" ? inner.replaceAll("'", "\\'") : inner}${mark}`;
}

export function isEqual(a: Value, b: Value, run: Run): boolean {
  run.charge(1);
  const [left, right] = [plainOf(a), plainOf(b)];
  if (isList(left))
    return (
      isList(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index], run))
    );
  if (!isDict(left)) return left === right;
  if (!isDict(right)) return false;
  const members = entriesOf(left);
  return (
    members.length === entriesOf(right).length &&
    members.every(([key, member]) => hasMember(right, key) && isEqual(member, memberOf(right, key), run))
  );
}

function plainOf(value: Value): Value {
  if (value instanceof Float) return value.value;
  return typeof value === "boolean" ? Number(value) : value;
}

/** Less than zero where `a` comes first. */
export function compared(a: Value, b: Value, run: Run): number {
  run.charge(1);
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  if (isList(a) && isList(b)) {
    const index = a.findIndex((item, at) => at >= b.length || !isEqual(item, b[at], run));
    if (index < 0) return a.length - b.length;
    return index >= b.length ? 1 : compared(a[index], b[index], run);
  }
  const [left, right] = [plainOf(a), plainOf(b)];
  if (typeof left === "number" && typeof right === "number") return left - right;
  return refuse(`${named(a)} and ${named(b)} have no order.`);
}

/** What stands in JSON for it; a whole float is a number like any other there. */
export function jsonOf(value: Value, run: Run): JsonValue {
  run.charge(1);
  if (value instanceof Float) return value.value;
  if (isList(value)) return value.map((item) => jsonOf(item, run));
  if (value instanceof Namespace) return refuse("A namespace is no value.");
  if (isDict(value)) {
    return Object.fromEntries(entriesOf(value).map(([key, member]) => [String(key), jsonOf(member, run)]));
  }
  return value ?? null;
}
