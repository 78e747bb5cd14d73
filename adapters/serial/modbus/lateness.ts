import type { Question } from "./frames.js";

/** How many timeouts an answer may be late and still be expected. */
const factor = 3;

interface Owed {
  /** The question, while it is not answered. */
  readonly frame: Buffer | undefined;
  readonly until: number;
  readonly timeout: number;
}

/**
 * Which units may still answer an earlier question. An answer does not say which question it belongs to: that of a read of two
 * registers looks like that of a read of any other two. So after a missing answer a unit may at once be asked the same again, but
 * anything else only when a late answer is hardly to be expected; and what it answers then first is not believed. After it
 * answered it is left alone until whatever it owes must have come, and was thrown away. A write is answered with its own
 * address and value, so that each function counts by itself. Times are milliseconds of a monotonic clock.
 */
export class Lateness {
  readonly #owed = new Map<string, Owed>();

  /** The answer to a question that was sent at `sentAt` did not come within `timeout`. */
  missed(question: Question, sentAt: number, timeout: number): void {
    this.#owed.set(keyOf(question), { frame: question.frame, until: sentAt + factor * timeout, timeout });
  }

  /** Whether the answer that came is that of this question, and not of another that was never answered. */
  answered(question: Question, now: number): boolean {
    const key = keyOf(question);
    const owed = this.#owed.get(key);
    if (owed === undefined) return true;
    if (owed.frame === undefined && owed.until <= now) this.#owed.delete(key);
    else this.#owed.set(key, { ...owed, frame: undefined, until: now + factor * owed.timeout });
    return !question.isRead || owed.frame === undefined || owed.frame.equals(question.frame);
  }

  /** From when on the question may be asked; in the past where nothing stands against it. */
  mayAskAt(question: Question): number {
    const owed = this.#owed.get(keyOf(question));
    if (owed === undefined || owed.frame?.equals(question.frame) === true) return Number.NEGATIVE_INFINITY;
    return owed.until;
  }
}

function keyOf({ unit, code }: Question): string {
  return `${unit}/${code}`;
}
