const window = 60_000;
const causeLimit = 1000;
const rest = Symbol("all further causes");

interface Cause {
  /** When its last line was let through, on the monotonic clock. */
  readonly since: number;
  /** Lines left out since then. */
  suppressed: number;
}

/**
 * At most one line a minute for one cause, with a count of what was left out. Causes beyond 1000 within a minute count
 * as one.
 */
export class RateGate {
  // In order of `since`: a cause that is let through again moves to the end.
  readonly #causes = new Map<string | symbol, Cause>();

  /** Whether a line may be written now, and how many lines of its cause were left out since the last one. */
  allow(cause: string): { readonly allowed: boolean; readonly suppressed: number } {
    const now = performance.now();
    const key = this.#causes.has(cause) || this.#hasRoom(now) ? cause : rest;
    const known = this.#causes.get(key);
    if (known !== undefined && now - known.since < window) {
      known.suppressed += 1;
      return { allowed: false, suppressed: known.suppressed };
    }
    this.#causes.delete(key);
    this.#causes.set(key, { since: now, suppressed: 0 });
    return { allowed: true, suppressed: known?.suppressed ?? 0 };
  }

  #hasRoom(now: number): boolean {
    for (const [key, { since }] of this.#causes) {
      if (this.#causes.size < causeLimit || now - since < window) break;
      this.#causes.delete(key);
    }
    return this.#causes.size < causeLimit;
  }
}
