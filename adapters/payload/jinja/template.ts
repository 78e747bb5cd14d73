import type { JsonValue } from "../../../src/core/json.js";
import { refuse } from "../../../src/core/value-refusal.js";
import { alike } from "../alike.js";
import type { Payload } from "../payload.js";
import { limited, shortened } from "../work-limit.js";
import { evaluate } from "./evaluator.js";
import { NothingSaid } from "./filters.js";
import { Run } from "./run.js";
import { type Node, parseTemplate } from "./syntax.js";
import { jsonOf, type Value } from "./values.js";

/** What a template makes of a message; `undefined` where that says nothing. Throws "value-invalid". */
type Template = (payload: Payload) => JsonValue | undefined;

/** Throws the end of a sentence that says what is wrong. Equal templates are one function. */
export const compileJinja = alike((source: string): Template => {
  const body = parseTemplate(source);
  const wantsJson = source.includes("value_json");
  return limited(`The template ${shortened(source)}`, (payload) => {
    const variables = new Map<string, Value>([["value", payload.text]]);
    if (wantsJson) variables.set("value_json", jsonIn(payload));
    return found(body, variables);
  });
});

/** Templates that do their work without JSON are given what is none. */
function jsonIn(payload: Payload): JsonValue | undefined {
  try {
    return payload.json;
  } catch {
    return undefined;
  }
}

function found(body: readonly Node[], variables: ReadonlyMap<string, Value>): JsonValue | undefined {
  const run = new Run();
  try {
    const value = evaluate(body, variables, run);
    // Home Assistant's word for a state that is not known.
    if (value === undefined || value === "None") return undefined;
    return jsonOf(value, run);
  } catch (error) {
    if (error instanceof NothingSaid) return undefined;
    if (error instanceof RangeError) return refuse("The template makes something that is nested too deep.");
    throw error;
  }
}
