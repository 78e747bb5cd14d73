/**
 * Why there is no stream. `unreachable`: nobody answered as an XMPP server. `refused`: the server does not want us as
 * we are configured. `conflict`: it has another connection for our domain. `displaced`: another connection took our
 * place. `broken`: everything else.
 */
export type FailureCause = "unreachable" | "broken" | "conflict" | "displaced" | "refused";

const base = 1_000;

/**
 * A house should be back within ten seconds after its server is, whatever stood in the way. Only who throws us out will
 * do so again, and only a person mends a refusal.
 */
const caps: Readonly<Record<FailureCause, number>> = {
  unreachable: 8_000,
  conflict: 8_000,
  broken: 8_000,
  displaced: 60_000,
  refused: 300_000,
};

/** A stream that fell sooner is a failed attempt like any other. */
const goodLife = 30_000;

/** How long to wait before the next attempt: doubling for each kind of failure, with full jitter. */
export class Backoff {
  readonly #random: () => number;
  readonly #failures = new Map<FailureCause, number>();

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Milliseconds to wait after a failure. */
  next(cause: FailureCause): number {
    const failures = this.#failures.get(cause) ?? 0;
    this.#failures.set(cause, failures + 1);
    return this.#random() * Math.min(caps[cause], base * 2 ** failures);
  }

  /** A stream was up for so many milliseconds. */
  lived(duration: number): void {
    if (duration >= goodLife) this.#failures.clear();
  }
}
