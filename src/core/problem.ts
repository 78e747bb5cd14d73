/** One mistake in a configuration: where, what is wrong, what would be right. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The mistake is the key itself (unknown, no id), not the value behind it. */
  readonly at?: "key";
}
