import { GatewayError } from "../../src/core/errors.js";

/** Milliseconds that one rule may work on one payload. */
const mostWork = 10;
const mostOverruns = 3;

/** A rule took too long too often and is not asked again. Told once, by whoever asked last. */
export class RuleDisabled extends GatewayError {
  constructor(rule: string) {
    super(
      "value-invalid",
      `${rule} went over ${mostWork} ms of work ${mostOverruns} times in a row and is disabled until the next start; a simpler one would be read.`,
    );
    this.name = "RuleDisabled";
  }
}

/** A rule gave up on a payload before it took too long. */
export class TooMuchWork extends GatewayError {
  constructor(sentence: string) {
    super("value-invalid", sentence);
    this.name = "TooMuchWork";
  }
}

/**
 * Counts the times in a row that `work` takes too long; past the third it says nothing any more. What was long is done once
 * more before it counts, for the first time may have been long by a pause of the whole process, or because the rule was new.
 * `rule` names it, as the beginning of a sentence. Throws `RuleDisabled` once, and what `work` throws.
 */
export function limited<Input, Result>(
  rule: string,
  work: (input: Input) => Result,
  now: () => number = () => performance.now(),
): (input: Input) => Result | undefined {
  let overruns = 0;
  const attempt = (input: Input) => {
    const before = now();
    const outcome = outcomeOf(work, input);
    return { outcome, isLong: now() - before > mostWork };
  };
  return (input) => {
    if (overruns === mostOverruns) return undefined;
    const { outcome, isLong } = attempt(input);
    const gaveUp = "error" in outcome && outcome.error instanceof TooMuchWork;
    overruns = gaveUp || (isLong && attempt(input).isLong) ? overruns + 1 : 0;
    if (overruns === mostOverruns) throw new RuleDisabled(rule);
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  };
}

function outcomeOf<Input, Result>(work: (input: Input) => Result, input: Input) {
  try {
    return { result: work(input) };
  } catch (error: unknown) {
    return { error };
  }
}

/** A rule's source as a sentence has it. */
export function shortened(source: string): string {
  return JSON.stringify(source.length > 40 ? `${source.slice(0, 40)}…` : source);
}
