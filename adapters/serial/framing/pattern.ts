import { RE2JS } from "re2js";
import { z } from "zod";
import { messageOf } from "../../../src/core/errors.js";

const longestSource = 4096;

/** A regular expression in the syntax of RE2, which takes time linear in what it looks at. */
export const pattern = z
  .string("is no text; put the expression in quotes")
  .min(1, "is empty; it would match every line")
  .max(longestSource, `is longer than ${longestSource} characters`)
  .transform((source, context) => {
    try {
      return RE2JS.compile(source);
    } catch (error) {
      context.addIssue({
        code: "custom",
        message: `is no regular expression (${messageOf(error)}); write for example "^!"`,
      });
      return z.NEVER;
    }
  });
