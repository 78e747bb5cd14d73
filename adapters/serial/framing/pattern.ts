import { compileExpression } from "../../payload/pattern.js";
import { ruleOf } from "../../payload/rule.js";

/** A regular expression in the syntax of RE2, which takes time linear in what it looks at. */
export const pattern = ruleOf("is no text; put the expression in quotes", (source) =>
  compileExpression(source, "^!"),
);
