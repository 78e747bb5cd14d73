import { isDeepStrictEqual } from "node:util";

/** Kinds of channels in one house; those made longest ago are made anew when they are wanted again. */
const limit = 500;

/**
 * Makes one result for all that is asked for in equal words, so that a hundred lamps of a model share one reader. The results
 * must not differ but by these words. Functions are equal only to themselves.
 */
export function alike<Words extends readonly unknown[], Result>(
  make: (...words: Words) => Result,
): (...words: Words) => Result {
  const kept = new Map<string, { readonly words: Words; readonly result: Result }[]>();
  return (...words) => {
    // Leaves functions out, which the closer look compares.
    const key = JSON.stringify(words);
    const candidates = kept.get(key) ?? [];
    const known = candidates.find((other) => isDeepStrictEqual(other.words, words));
    if (known !== undefined) return known.result;
    const result = make(...words);
    kept.delete(key);
    kept.set(key, [...candidates.slice(1 - limit), { words, result }]);
    const [oldest] = kept.keys();
    if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
    return result;
  };
}
