import { z } from "zod";
import type { Problem } from "../../src/core/problem.js";
import { problemsOf, strict } from "../../src/schema.js";

/** The words of an address; where some are wrong, the others. Paths of the problems start at the address. */
export function readWords<Words>(
  schema: z.ZodType<Words>,
  sealed: unknown,
): { readonly words: Words | undefined; readonly problems: Problem[] } {
  const parsed = schema.safeParse(sealed ?? {});
  if (parsed.success) return { words: parsed.data, problems: [] };
  const problems = problemsOf(parsed.error);
  const wrong = new Set(problems.map(({ path }) => path[0]));
  if (wrong.has(undefined)) return { words: undefined, problems };
  const rest = Object.entries(Object(sealed)).filter(([word]) => !wrong.has(word));
  return { words: schema.safeParse(Object.fromEntries(rest)).data, problems };
}

/** A strict address in which an unknown word may be meant to be one of the `parameters`. */
export function strictBeside<Shape extends z.ZodRawShape>(shape: Shape, parameters: readonly string[]) {
  const others = Object.fromEntries(parameters.map((word) => [word, z.never().exactOptional()]));
  return strict({ ...others, ...shape });
}
