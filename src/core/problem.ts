/** One mistake in a configuration: where, what is wrong, what would be right. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The mistake is the key itself (unknown, no id), not the value behind it. */
  readonly at?: "key";
}

/** Moves a problem to below `base`, where it was found. */
export function below(...base: Problem["path"]): (problem: Problem) => Problem {
  return (problem) => ({ ...problem, path: [...base, ...problem.path] });
}
