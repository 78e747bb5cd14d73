interface Entry<Value> {
  readonly value: Value;
  /** On the monotonic clock. */
  readonly diesAt: number;
}

/** Keeps each entry for a while, and the newest entries where there are too many. */
export class ExpiringMap<Key, Value> {
  // In order of `diesAt`: what is set again moves to the end.
  readonly #entries = new Map<Key, Entry<Value>>();
  readonly #limit: number;
  readonly #lifetime: number;

  /** `lifetime` in milliseconds. */
  constructor({ limit, lifetime }: { readonly limit: number; readonly lifetime: number }) {
    this.#limit = limit;
    this.#lifetime = lifetime;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.diesAt > performance.now() ? entry.value : undefined;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, diesAt: performance.now() + this.#lifetime });
    this.#forget();
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limit && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Whether one more entry would push another out. */
  get isFull(): boolean {
    this.#forget();
    return this.#entries.size >= this.#limit;
  }

  #forget(): void {
    const now = performance.now();
    for (const [key, entry] of this.#entries) {
      if (entry.diesAt > now) return;
      this.#entries.delete(key);
    }
  }
}
