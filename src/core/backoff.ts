/** How long to wait between attempts, in milliseconds: `first`, doubling to `longest`. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
}

/** Milliseconds to wait after so many failures in a row: the upper half of what the doubling allows, at random. */
export function retryDelay(failures: number, { first, longest }: Backoff): number {
  return Math.min(first * 2 ** failures, longest) * (0.5 + Math.random() / 2);
}
