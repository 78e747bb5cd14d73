import { RE2JS } from "re2js";
import { messageOf } from "../../../src/core/errors.js";
import { refuse } from "../../../src/core/value-refusal.js";
import type { Run } from "./run.js";

const longestPattern = 500;
const mostKept = 100;
/** Steps that an expression costs that was not used before. */
const costOfNew = 1000;

const kept = new Map<string, RE2JS>();

/** Every match of a Python expression in a text: the whole and its groups. */
export function matchesOf(
  pattern: string,
  text: string,
  { ignoresCase, isAnchored, most }: { ignoresCase: boolean; isAnchored: boolean; most: number },
  run: Run,
): readonly (readonly string[])[] {
  const matcher = expressionFor(
    `${ignoresCase ? "(?i)" : ""}${isAnchored ? "\\A" : ""}(?:${pattern})`,
    text,
    run,
  ).matcher(text);
  const found: string[][] = [];
  while (found.length < most && matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? "");
    run.charge(groups.length);
    found.push(groups);
  }
  return found;
}

/** Python's re.sub: `\1` and `\g<name>` stand for groups. */
export function replacedIn(
  text: string,
  pattern: string,
  replacement: string,
  ignoresCase: boolean,
  run: Run,
): string {
  const source = `${ignoresCase ? "(?i)" : ""}(?:${pattern})`;
  const matcher = expressionFor(source, text, run).matcher(text);
  let [made, end] = ["", 0];
  while (matcher.find()) {
    const other = replacement.replace(/\\(?:g<(\w+)>|(\d))/g, (_, name: string | undefined, digit = "0") =>
      groupOf(matcher, name ?? digit),
    );
    made = run.text(made + text.slice(end, matcher.start()) + other);
    end = matcher.end();
  }
  return run.text(made + text.slice(end));
}

function groupOf(matcher: ReturnType<RE2JS["matcher"]>, name: string): string {
  try {
    return matcher.group(/^\d+$/.test(name) ? Number(name) : name) ?? "";
  } catch {
    return refuse(`The expression has no group ${JSON.stringify(name)}.`);
  }
}

function expressionFor(source: string, text: string, run: Run): RE2JS {
  if (source.length > longestPattern) refuse(`An expression is longer than ${longestPattern} characters.`);
  const expression = kept.get(source) ?? compiled(source, run);
  run.charge((expression.programSize() * text.length) / 256);
  return expression;
}

function compiled(source: string, run: Run): RE2JS {
  run.charge(costOfNew);
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(source);
  } catch (error) {
    return refuse(`${JSON.stringify(source)} is no regular expression: ${messageOf(error)}.`);
  }
  const [oldest] = kept.keys();
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
  kept.set(source, expression);
  return expression;
}
