import { Allowance } from "../core/allowance.js";
import type { Jid } from "./jids.js";

/** What to do with a stanza: take it, refuse it with one `policy-violation`, or drop it. */
export type Verdict = "take" | "refuse" | "drop";

/** How much anyone may ask of us. */
export class Doorkeeper {
  readonly #stranger = new Allowance({ rate: 10, burst: 30 });
  readonly #strangerDomain = new Allowance({ rate: 50, burst: 200 });
  readonly #person = new Allowance({ rate: 50, burst: 100 });
  readonly #refusal = new Allowance({ rate: 1 / 60, burst: 1 });

  /** A stanza of someone who may see nothing. */
  stranger(from: Jid): Verdict {
    return this.#stranger.take(from.bare) && this.#strangerDomain.take(from.domain) ? "take" : "drop";
  }

  /** A message or an IQ request of someone who may see the house. */
  person(from: Jid): Verdict {
    if (this.#person.take(from.bare)) return "take";
    return this.#refusal.take(from.bare) ? "refuse" : "drop";
  }
}
