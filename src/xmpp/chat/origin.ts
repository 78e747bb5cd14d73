/**
 * How old what was said may be: `late` older than any command's time to live; `unknown` it waited where nobody can see
 * how long.
 */
export type Age = "fresh" | "late" | "unknown";

/** Where a text came from. */
export interface Origin {
  /** The sender's stable id; a repeat under it does nothing. */
  readonly id?: string;
  readonly age?: Age;
}
