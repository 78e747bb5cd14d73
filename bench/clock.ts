const origin = BigInt(process.env.BENCH_ORIGIN ?? process.hrtime.bigint());
// Children inherit it.
process.env.BENCH_ORIGIN = String(origin);

/** Since the benchmark began, on the monotonic clock that all processes of this machine share. */
export function microseconds(): number {
  return Number((process.hrtime.bigint() - origin) / 1000n);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
