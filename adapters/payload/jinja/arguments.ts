import { refuse } from "../../../src/core/value-refusal.js";
import type { Run } from "./run.js";
import type { Value } from "./values.js";

/** What stands between the parentheses of a call. */
export interface Given {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** A filter, test or function: `call` gets its arguments in the order of `parameters`, `undefined` where one is not given. */
export interface Callable {
  readonly parameters: readonly string[];
  /** Further positional arguments follow the others. */
  readonly takesMore: boolean;
  readonly call: (run: Run, ...values: Value[]) => Value;
}

/** `"value, default=, ..."`: names in order; `...` for any number of further ones. */
export function taking(written: string, call: Callable["call"]): Callable {
  const parameters = written.split(/[\s,]+/).filter((name) => name !== "" && name !== "...");
  return { parameters, takesMore: written.includes("..."), call };
}

/** Throws "value-invalid" for arguments that `name` does not have. */
export function called(
  name: string,
  { parameters, takesMore, call }: Callable,
  given: Given,
  run: Run,
): Value {
  const { positional, named } = given;
  if (positional.length > parameters.length && !takesMore) refuse(`${name} is given too many arguments.`);
  const values = [...positional];
  for (const [key, value] of named) {
    const index = parameters.indexOf(key);
    if (index < 0) refuse(`${name} has no argument ${JSON.stringify(key)}.`);
    values[index] = value;
  }
  return call(run, ...Array.from(values));
}
