const longestWord = 64;

/**
 * The known word that a misspelt one most likely meant, for "did you mean". Case does not matter; of two that are
 * equally near, the one with the longer common beginning. Undefined when nothing is near, or two are alike in both.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const asked = word.trim().toLowerCase();
  if (asked.length > longestWord) return undefined;
  let best: { word: string; distance: number; beginning: number } | undefined;
  let tied = false;
  for (const candidate of new Set(known)) {
    const folded = candidate.toLowerCase();
    const limit = toleranceOf(Math.min(asked.length, folded.length));
    if (Math.abs(asked.length - folded.length) > limit) continue;
    const distance = editDistance(asked, folded);
    if (distance > limit) continue;
    const beginning = commonBeginning(asked, folded);
    const order = best === undefined ? -1 : distance - best.distance || best.beginning - beginning;
    if (order < 0) {
      best = { word: candidate, distance, beginning };
      tied = false;
    } else if (order === 0) {
      tied = true;
    }
  }
  return tied ? undefined : best?.word;
}

function toleranceOf(length: number): number {
  if (length < 2) return 0;
  if (length < 5) return 1;
  return length < 9 ? 2 : 3;
}

function commonBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Damerau and Levenshtein: insertions, deletions, substitutions and swaps of neighbours (each place swapped once). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
