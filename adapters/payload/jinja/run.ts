import { refuse } from "../../../src/core/value-refusal.js";
import { TooMuchWork } from "../work-limit.js";

const mostSteps = 20_000;
/** Characters of a text, and of all that a template prints. */
export const longestText = 65_536;

/** One evaluation: how much of the work that it may do is left. */
export class Run {
  #left = mostSteps;

  /** Throws `TooMuchWork` past the limit. */
  charge(steps: number): void {
    this.#left -= steps;
    if (!(this.#left >= 0)) throw new TooMuchWork(`The template needs more than ${mostSteps} steps.`);
  }

  /** A text that was made, whose length is work too. */
  text(made: string): string {
    this.room(made.length);
    return made;
  }

  /** The texts with `mark` between them; refused before it is made where it would be too long. */
  joined(texts: readonly string[], mark: string): string {
    this.room(texts.reduce((size, text) => size + text.length + mark.length, 0));
    return texts.join(mark);
  }

  /** Before something of this size is made. */
  room(size: number): void {
    if (size > longestText) refuse(`The template makes a text of more than ${longestText} characters.`);
    this.charge(size / 64);
  }
}
