/** The middle one; of an even number the mean of both. Not a number for none. */
export function median(values: readonly number[]): number {
  return (percentile(values, 0.4999) + percentile(values, 0.5001)) / 2;
}

/** By the nearest rank; `share` is between 0 and 1. Not a number for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
