import type { z } from "zod";
import type { Problem } from "../core/problem.js";
import { problemsOf } from "../schema.js";
import type { Findings, Origin } from "./findings.js";
import type { Path } from "./source.js";

/** Where a place of a draft was written. */
export type OriginOf = (path: Path) => Origin;

/**
 * Checks a draft. Where a scalar that keeps its spelling is refused, its other reading is tried: `scale: 0.10` is a
 * number to whoever wants one, and `on: 0.10` a payload.
 */
export function settle<Result>(
  draft: unknown,
  originOf: OriginOf,
  check: (draft: unknown) => Result,
  problemsIn: (result: Result) => readonly Problem[],
): Result {
  const result = check(draft);
  let reread = draft;
  for (const { path } of problemsIn(result)) {
    const origin = originOf(path);
    const other = origin.source.otherReading(origin.path);
    if (other !== undefined) reread = replaced(reread, path, other.value);
  }
  return reread === draft ? result : check(reread);
}

/** What stands at `base`, as the schema reads it; `undefined` when there are mistakes, which are then in `findings`. */
export function parseAt<Schema extends z.ZodType>(
  schema: Schema,
  base: Origin,
  findings: Findings,
): z.output<Schema> | undefined {
  const originOf: OriginOf = (path) => ({ source: base.source, path: [...base.path, ...path] });
  const result = settle(
    // A section whose lines are all commented out is empty, which is as good as absent.
    base.source.at(base.path) ?? undefined,
    originOf,
    (draft) => schema.safeParse(draft),
    ({ error }) => (error === undefined ? [] : problemsOf(error)),
  );
  if (result.success) return result.data;
  report(problemsOf(result.error), originOf, findings);
  return undefined;
}

export function report(problems: readonly Problem[], originOf: OriginOf, findings: Findings): void {
  for (const { path, message, at } of problems) findings.add(originOf(path), message, at);
}

/** The keys of a section; none when it is no section. */
export function keysAt({ source, path }: Origin): readonly string[] {
  return Object.keys(sectionOf(source.at(path)));
}

export function sectionOf(data: unknown): Readonly<Record<string, unknown>> {
  return isSection(data) ? { ...data } : {};
}

export function isSection(data: unknown): data is object {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function replaced(data: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(data)) {
    return data.map((item, index) => (index === part ? replaced(item, rest, value) : item));
  }
  const section = sectionOf(data);
  return { ...section, [part]: replaced(section[part], rest, value) };
}
