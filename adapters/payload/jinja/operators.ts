import { refuse } from "../../../src/core/value-refusal.js";
import { formatPercent } from "./format.js";
import { float, int, isInt, isNumber, number } from "./numbers.js";
import type { Run } from "./run.js";
import { isIn } from "./tests.js";
import { compared, isEqual, isList, named, printed, type Value } from "./values.js";

/** `left operator right`, as Python has it. Throws "value-invalid" where there is no such operation. */
export function operated(operator: string, left: Value, right: Value, run: Run): Value {
  switch (operator) {
    case "==":
      return isEqual(left, right, run);
    case "!=":
      return !isEqual(left, right, run);
    case "<":
      return compared(left, right, run) < 0;
    case "<=":
      return compared(left, right, run) <= 0;
    case ">":
      return compared(left, right, run) > 0;
    case ">=":
      return compared(left, right, run) >= 0;
    case "in":
      return isIn(left, right, run);
    case "not in":
      return !isIn(left, right, run);
    case "~":
      return run.text(printed(left, run) + printed(right, run));
    case "+":
      if (typeof left === "string" && typeof right === "string") return run.text(left + right);
      if (isList(left) && isList(right)) return joined(left, right, run);
      break;
    case "*":
      if (isRepeatable(left) && isInt(right)) return repeated(left, Number(right), run);
      if (isRepeatable(right) && isInt(left)) return repeated(right, Number(left), run);
      break;
    case "%":
      if (typeof left === "string") return formatPercent(left, isList(right) ? right : [right], run);
      break;
    default:
  }
  return calculated(operator, left, right);
}

export function negated(operator: string, value: Value): Value {
  return calculated(operator, 0, value);
}

function calculated(operator: string, left: Value, right: Value): Value {
  const [a, b] = [sizeOf(left, operator), sizeOf(right, operator)];
  const like = isInt(left) && isInt(right) ? int : float;
  if ((operator === "/" || operator === "//" || operator === "%") && b === 0)
    return refuse("A number is divided by zero.");
  switch (operator) {
    case "+":
      return like(a + b);
    case "-":
      return like(a - b);
    case "*":
      return like(a * b);
    case "/":
      return float(a / b);
    case "//":
      return like(Math.floor(a / b));
    case "%":
      // The sign is that of the divisor.
      return like(a - b * Math.floor(a / b) === 0 ? 0 : ((a % b) + b) % b);
    case "**":
      return b < 0 ? float(a ** b) : like(a ** b);
    default:
      return refuse(`The operator ${operator} is not known here.`);
  }
}

function sizeOf(value: Value, operator: string): number {
  if (typeof value === "boolean") return Number(value);
  if (isNumber(value)) return number(value);
  return refuse(`${named(value)} is no number, as ${operator} wants; "| float" or "| int" would make one.`);
}

function isRepeatable(value: Value): value is string | readonly Value[] {
  return typeof value === "string" || isList(value);
}

function joined(left: readonly Value[], right: readonly Value[], run: Run): readonly Value[] {
  run.charge(left.length + right.length);
  return [...left, ...right];
}

function repeated(value: string | readonly Value[], times: number, run: Run): Value {
  const count = Math.max(0, times);
  if (typeof value === "string") {
    run.room(value.length * count);
    return value.repeat(count);
  }
  run.charge(value.length * count);
  return Array.from({ length: count }, () => value).flat(1);
}
