import { z } from "zod";
import { messageOf } from "../../src/core/errors.js";

/** Characters of a rule's source; rules are short, and a long one is a mistake or an attack. */
export const longestRule = 4096;

/** A rule as the configuration has it, compiled. What `compile` throws is what is wrong, as the end of a sentence. */
export function ruleOf<Rule>(noText: string, compile: (source: string) => Rule) {
  return z
    .string(noText)
    .min(1, "is empty; it would find nothing")
    .max(longestRule, `is longer than ${longestRule} characters`)
    .transform((source, context) => {
      try {
        return compile(source);
      } catch (error) {
        context.addIssue({ code: "custom", message: messageOf(error) });
        return z.NEVER;
      }
    });
}
