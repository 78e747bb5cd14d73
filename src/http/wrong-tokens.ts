import { Allowance } from "../core/allowance.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import { HttpProblem } from "./problems.js";

const allowed = { rate: 1 / 6, burst: 10 };

/** The wrong tokens of each address: told in the log once a minute, and slowed down when they are many. */
export class WrongTokens {
  readonly #failures = new Allowance(allowed);
  readonly #gate = new RateGate();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Counts one; what to answer it with. `what` happened, for the log. */
  refuse(address: string, what: string, sentence: string, challenge: string): HttpProblem {
    const { allowed: isNews, suppressed } = this.#gate.allow(`${address} ${what}`);
    if (isNews) this.#log.warn({ address, suppressed }, what);
    if (!this.#failures.take(address)) {
      const wait = { "retry-after": `${1 / allowed.rate}` };
      return new HttpProblem("rate-limited", "Too many wrong tokens came from your address.", {}, wait);
    }
    return new HttpProblem("unauthorized", sentence, {}, { "www-authenticate": challenge });
  }
}
