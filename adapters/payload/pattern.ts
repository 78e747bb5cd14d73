import { RE2JS } from "re2js";
import { messageOf } from "../../src/core/errors.js";
import { alike } from "./alike.js";
import { limited, shortened, TooMuchWork } from "./work-limit.js";

/** What an expression makes of a text; `undefined` where it does not match. Throws "value-invalid". */
export type Pattern = (text: string) => string | undefined;

/** Instructions × characters that are looked at; linear time is long time, too, when both are large. */
const mostSteps = 1_500_000;

/** Throws the end of a sentence that says what is wrong. Equal expressions are one function. */
export const compilePattern = alike((source: string): Pattern => {
  const expression = compileExpression(source, "^P=(?<value>[0-9.]+)$");
  const size = expression.programSize();
  const groups: Readonly<Record<string, unknown>> = expression.namedGroups();
  const group = "value" in groups ? "value" : Math.min(1, expression.groupCount());
  const rule = `The expression ${shortened(source)}`;
  return limited(rule, (text) => {
    if (size * text.length > mostSteps)
      throw new TooMuchWork(`${rule} is too large for a text of ${text.length} characters.`);
    const matcher = expression.matcher(text);
    return matcher.find() ? (matcher.group(group) ?? undefined) : undefined;
  });
});

/** Throws the end of a sentence that says what is wrong, and has the example. */
export function compileExpression(source: string, example: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const why = messageOf(error).replace("error parsing regexp: ", "");
    throw new Error(
      `is no regular expression (${why}); write for example "${example}", in the syntax of RE2`,
    );
  }
}
