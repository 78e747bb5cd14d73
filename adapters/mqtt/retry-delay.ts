const first = 1000;
// A broker that comes back is to be found within 10 s; one that refuses us is not to be pestered.
const longest = 8000;
const longestRefused = 300_000;

/** Milliseconds to wait after so many failures in a row: doubling, with jitter. */
export function retryDelay(failures: number, isRefusal: boolean): number {
  const most = Math.min(first * 2 ** failures, isRefusal ? longestRefused : longest);
  return most * (0.5 + Math.random() / 2);
}
