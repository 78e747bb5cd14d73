import { randomInt } from "node:crypto";
import type { Principal } from "./command.js";

const lifetime = 30_000;
const pendingLimit = 8;
const guessLimit = 5;

interface Pending {
  readonly code: string;
  /** What the code allows: device, channel and value as one text. */
  readonly deed: string;
  /** On the monotonic clock. */
  readonly diesAt: number;
}

/**
 * Codes for hazards: bound to sender and deed, 30 s, single use. Five wrong codes in a row end all of the sender's.
 */
export class Confirmations {
  readonly #pending = new Map<Principal, Pending[]>();
  readonly #wrong = new Map<Principal, number>();

  /** A new code; an older one for the same deed dies. `expiresAt` is in milliseconds since the epoch. */
  issue(principal: Principal, deed: string): { code: string; expiresAt: number } {
    const others = this.#alive(principal).filter((pending) => pending.deed !== deed);
    let code: string;
    do {
      code = String(randomInt(1000, 10_000));
    } while (others.some((pending) => pending.code === code));
    const pending = { code, deed, diesAt: performance.now() + lifetime };
    this.#pending.set(principal, [...others, pending].slice(-pendingLimit));
    return { code, expiresAt: Date.now() + lifetime };
  }

  /** Uses a code up. False if it is wrong, too old, or was given for another deed. */
  redeem(principal: Principal, code: string, deed: string): boolean {
    const alive = this.#alive(principal);
    const found = alive.find((pending) => pending.code === code && pending.deed === deed);
    if (found !== undefined) {
      this.#keep(
        principal,
        alive.filter((pending) => pending !== found),
      );
      this.#wrong.delete(principal);
      return true;
    }
    const wrong = (this.#wrong.get(principal) ?? 0) + 1;
    if (wrong < guessLimit && alive.length > 0) {
      this.#wrong.set(principal, wrong);
      this.#keep(principal, alive);
    } else {
      this.#wrong.delete(principal);
      this.#keep(principal, []);
    }
    return false;
  }

  #alive(principal: Principal): Pending[] {
    const now = performance.now();
    return (this.#pending.get(principal) ?? []).filter((pending) => pending.diesAt > now);
  }

  #keep(principal: Principal, pending: Pending[]): void {
    if (pending.length > 0) this.#pending.set(principal, pending);
    else this.#pending.delete(principal);
  }
}
