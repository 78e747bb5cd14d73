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
 * Counts the times in a row that `work` takes too long; past the third it says nothing any more. `rule` names it, as the
 * beginning of a sentence. Throws `RuleDisabled` once, and what `work` throws.
 */
export function limited<Input, Result>(
  rule: string,
  work: (input: Input) => Result,
  now: () => number = () => performance.now(),
): (input: Input) => Result | undefined {
  let overruns = 0;
  const count = (isOver: boolean) => {
    overruns = isOver ? overruns + 1 : 0;
    if (overruns === mostOverruns) throw new RuleDisabled(rule);
  };
  return (input) => {
    if (overruns === mostOverruns) return undefined;
    const before = now();
    let result: Result;
    try {
      result = work(input);
    } catch (error) {
      count(error instanceof TooMuchWork || now() - before > mostWork);
      throw error;
    }
    count(now() - before > mostWork);
    return result;
  };
}

/** A rule's source as a sentence has it. */
export function shortened(source: string): string {
  return JSON.stringify(source.length > 40 ? `${source.slice(0, 40)}…` : source);
}
