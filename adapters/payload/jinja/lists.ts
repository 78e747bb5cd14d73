import { refuse } from "../../../src/core/value-refusal.js";
import { readInt } from "./numbers.js";
import type { Run } from "./run.js";
import { compared, isDict, isEqual, isList, isTrue, itemsOf, memberOf, named, type Value } from "./values.js";

export function picked(value: Value, attribute: Value, run: Run): readonly Value[] {
  const items = itemsOf(value, run);
  return attribute === undefined || attribute === null
    ? items
    : items.map((item) => attributeOf(item, attribute));
}

function attributeOf(item: Value, attribute: Value): Value {
  const names = typeof attribute === "string" ? attribute.split(".") : [attribute];
  return names.reduce<Value>((here, name) => {
    if (isDict(here)) return memberOf(here, name);
    return isList(here) || typeof here === "string" ? here.at(readInt(name) ?? here.length) : undefined;
  }, item);
}

export function selected(
  value: Value,
  attribute: Value,
  test: Value,
  other: Value,
  run: Run,
  wanted: boolean,
): readonly Value[] {
  return itemsOf(value, run).filter(
    (item) => passes(attributeOf(item, attribute), test, other, run) === wanted,
  );
}

function passes(value: Value, test: Value, other: Value, run: Run): boolean {
  switch (test) {
    case undefined:
      return isTrue(value);
    case "defined":
      return value !== undefined;
    case "eq":
    case "equalto":
    case "==":
      return isEqual(value, other, run);
    case "ne":
    case "!=":
      return !isEqual(value, other, run);
    case "gt":
    case ">":
      return compared(value, other, run) > 0;
    case "lt":
    case "<":
      return compared(value, other, run) < 0;
    default:
      return refuse(`${named(test)} is no test here; eq, ne, gt, lt or defined would be.`);
  }
}

export function sorted(
  value: Value,
  reverse: Value,
  isCase: Value,
  attribute: Value,
  run: Run,
): readonly Value[] {
  const folded = (item: Value) => {
    const key = attribute === undefined || attribute === null ? item : attributeOf(item, attribute);
    return typeof key === "string" && !isTrue(isCase ?? false) ? key.toLowerCase() : key;
  };
  const direction = isTrue(reverse ?? false) ? -1 : 1;
  return [...itemsOf(value, run)].sort((a, b) => direction * compared(folded(a), folded(b), run));
}

export function unique(items: readonly Value[], run: Run): readonly Value[] {
  const kept: Value[] = [];
  for (const item of items) if (!kept.some((other) => isEqual(other, item, run))) kept.push(item);
  return kept;
}

export function outermost(items: readonly Value[], direction: number, run: Run): Value {
  if (items.length === 0) return undefined;
  return items.reduce((best, item) => (compared(item, best, run) * direction > 0 ? item : best));
}
