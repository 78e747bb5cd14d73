import { refuse } from "../../../src/core/value-refusal.js";
import { type Callable, taking } from "./arguments.js";
import { numberOf } from "./filters.js";
import { textOf } from "./methods.js";
import { isInt, isNumber, readFloat } from "./numbers.js";
import { matchesOf } from "./regex.js";
import type { Run } from "./run.js";
import { compared, hasMember, isDict, isEqual, isList, itemsOf, named, type Value } from "./values.js";

const equal = taking("value, other", (run, a, b) => isEqual(a, b, run));
const inside = taking("value, seq", (run, item, container) => isIn(item, container, run));

/** The tests that there are: `value is NAME`. */
export const tests: ReadonlyMap<string, Callable> = new Map(
  Object.entries({
    defined: taking("value", (_, value) => value !== undefined),
    undefined: taking("value", (_, value) => value === undefined),
    none: taking("value", (_, value) => value === null),
    number: taking("value", (_, value) => isNumber(value) || typeof value === "boolean"),
    integer: taking("value", (_, value) => isInt(value) && typeof value !== "boolean"),
    float: taking("value", (_, value) => isNumber(value) && !isInt(value)),
    boolean: taking("value", (_, value) => typeof value === "boolean"),
    true: taking("value", (_, value) => value === true),
    false: taking("value", (_, value) => value === false),
    string: taking("value", (_, value) => typeof value === "string"),
    mapping: taking("value", (_, value) => isDict(value)),
    iterable: taking("value", (_, value) => isList(value) || isDict(value) || typeof value === "string"),
    sequence: taking("value", (_, value) => isList(value) || isDict(value) || typeof value === "string"),
    list: taking("value", (_, value) => isList(value)),
    even: taking("value", (_, value) => numberOf(value) % 2 === 0),
    odd: taking("value", (_, value) => Math.abs(numberOf(value) % 2) === 1),
    lower: taking("value", (_, value) => textOf(value) === textOf(value).toLowerCase()),
    upper: taking("value", (_, value) => textOf(value) === textOf(value).toUpperCase()),
    divisibleby: taking("value, num", (_, value, by) => numberOf(value) % numberOf(by) === 0),
    in: inside,
    eq: equal,
    equalto: equal,
    sameas: equal,
    ne: taking("value, other", (run, a, b) => !isEqual(a, b, run)),
    lt: taking("value, other", (run, a, b) => compared(a, b, run) < 0),
    le: taking("value, other", (run, a, b) => compared(a, b, run) <= 0),
    gt: taking("value, other", (run, a, b) => compared(a, b, run) > 0),
    ge: taking("value, other", (run, a, b) => compared(a, b, run) >= 0),
    is_number: taking("value", (_, value) => isNumeric(value)),
    match: taking("value, find", (run, value, find) => found(value, find, true, run)),
    search: taking("value, find", (run, value, find) => found(value, find, false, run)),
  }),
);

/** `item in container`, as Python has it. */
export function isIn(item: Value, container: Value, run: Run): boolean {
  if (typeof container === "string") {
    run.charge(container.length / 64);
    return container.includes(textOf(item));
  }
  if (isDict(container)) return hasMember(container, item);
  if (isList(container)) return itemsOf(container, run).some((each) => isEqual(each, item, run));
  return container === undefined ? false : refuse(`${named(container)} holds nothing.`);
}

/** Whether Home Assistant's is_number says so: a number, or a text that is one. */
export function isNumeric(value: Value): boolean {
  return Number.isFinite(readFloat(value));
}

function found(value: Value, find: Value, isAnchored: boolean, run: Run): boolean {
  return matchesOf(textOf(find), textOf(value), { ignoresCase: false, isAnchored, most: 1 }, run).length > 0;
}
