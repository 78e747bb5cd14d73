interface Bucket {
  tokens: number;
  at: number;
}

const keyLimit = 10_000;

/** A token bucket for each key: `rate` a second, `burst` at once. The keys longest unheard are forgotten first. */
export class Allowance {
  readonly #rate: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ rate, burst }: { readonly rate: number; readonly burst: number }) {
    this.#rate = rate;
    this.#burst = burst;
  }

  /** Whether one more is within the allowance; if so, it is counted. */
  take(key: string): boolean {
    const now = performance.now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + ((now - bucket.at) / 1000) * this.#rate);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > keyLimit && !oldest.done) this.#buckets.delete(oldest.value);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
