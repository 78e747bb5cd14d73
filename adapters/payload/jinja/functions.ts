import { refuse } from "../../../src/core/value-refusal.js";
import { type Callable, taking } from "./arguments.js";
import { filters, numberOf } from "./filters.js";
import { outermost } from "./lists.js";
import { int } from "./numbers.js";
import type { Run } from "./run.js";
import { isNumeric } from "./tests.js";
import { itemsOf, type Value } from "./values.js";

const longestRange = 1000;

/** Filters that are functions, too: `float(value)`. */
const both = [
  "int",
  "float",
  "bool",
  "iif",
  "sqrt",
  "log",
  "average",
  "bitwise_and",
  "bitwise_or",
  "bitwise_xor",
];

/** The functions that there are. `dict` and `namespace` take names of the template's own, and belong to the evaluator. */
export const functions: ReadonlyMap<string, Callable> = new Map([
  ...both.flatMap((name) => {
    const filter = filters.get(name);
    return filter === undefined ? [] : [[name, filter] as const];
  }),
  ["range", taking("start, stop, step", (run, start, stop, step) => range(run, start, stop, step))],
  ["min", taking("value, ...", (run, ...values) => ofAll(run, values, -1))],
  ["max", taking("value, ...", (run, ...values) => ofAll(run, values, 1))],
  ["is_number", taking("value", (_, value) => isNumeric(value))],
]);

function ofAll(run: Run, values: readonly Value[], direction: number): Value {
  return outermost(values.length === 1 ? itemsOf(values[0], run) : values, direction, run);
}

function range(run: Run, first: Value, last: Value, by: Value): readonly number[] {
  const [start, stop, step] = [
    last === undefined ? 0 : first,
    last === undefined ? first : last,
    by ?? 1,
  ].map((value) => int(numberOf(value)));
  if (start === undefined || stop === undefined || step === undefined || step === 0)
    return refuse("A range needs a step.");
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > longestRange) return refuse(`A range has ${length} numbers; ${longestRange} are the most.`);
  run.charge(length);
  return Array.from({ length }, (_, index) => start + index * step);
}
