const minute = 60_000;
const mostPerMinute = 600;
/** Milliseconds that the clocks of a signer and of the gateway may be apart. */
const tolerance = 5 * minute;
/** More than the calls that a hook takes while their signatures are good. */
const mostMessages = 10_000;

interface Message {
  /** When its newest attempt was signed, in milliseconds since the epoch. */
  readonly signedAt: number;
  /** The id of the event that it became. */
  readonly event: string;
}

/** What a message with a good signature is. */
export type Attempt =
  | { readonly is: "new" }
  /** The sender signed the message once more, for it did not hear the answer. */
  | { readonly is: "repeat"; readonly event: string }
  | { readonly is: "replay" | "out-of-time" | "before-start" | "too-many" };

/** What is remembered of the calls of one hook, so that none counts twice and no caller floods. */
export class HookMemory {
  readonly #startedAt: number;
  readonly #messages = new Map<string, Message>();
  #window = { since: Number.NEGATIVE_INFINITY, calls: 0 };

  /** `startedAt` on the monotonic clock: a restart forgets, so nothing signed before it is taken. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** Counts a call. Milliseconds until there is room for it; 0 when there is room now. */
  wait(): number {
    const now = performance.now();
    if (now - this.#window.since >= minute) this.#window = { since: now, calls: 0 };
    if (this.#window.calls >= mostPerMinute) return this.#window.since + minute - now;
    this.#window.calls += 1;
    return 0;
  }

  /** `signedAt` in milliseconds since the epoch. */
  attempt(id: string, signedAt: number): Attempt {
    const now = Date.now();
    if (Math.abs(now - signedAt) > tolerance) return { is: "out-of-time" };
    // By how long the gateway runs, for its clock may have been set since the start.
    if (signedAt < now - (performance.now() - this.#startedAt)) return { is: "before-start" };
    this.#forget(now);
    const known = this.#messages.get(id);
    if (known !== undefined && signedAt <= known.signedAt) return { is: "replay" };
    if (known !== undefined) {
      this.remember(id, signedAt, known.event);
      return { is: "repeat", event: known.event };
    }
    return { is: this.#messages.size < mostMessages ? "new" : "too-many" };
  }

  /** The message became this event. */
  remember(id: string, signedAt: number, event: string): void {
    this.#messages.delete(id);
    this.#messages.set(id, { signedAt, event });
  }

  #forget(now: number): void {
    for (const [id, { signedAt }] of this.#messages) {
      if (now - signedAt <= tolerance) break;
      this.#messages.delete(id);
    }
  }
}
