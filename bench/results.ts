import { median } from "./statistics.js";

export const subjects = ["writer", "relay", "script", "gateway"] as const;
export type Subject = (typeof subjects)[number];

export interface Measure {
  readonly title: string;
  readonly unit: string;
  /** What the ratio is taken to. */
  readonly floor: Subject | undefined;
}

/** One line of the table. */
export interface Row extends Measure {
  /** The median of the repetitions, and how many there were. */
  readonly values: Partial<Record<Subject, number>>;
  readonly repetitions: number;
  /** The gateway's by the floor's. */
  readonly ratio: number | undefined;
}

/** All figures of a run, by measure and subject, in the order in which the measures first came. */
export class Results {
  readonly #figures = new Map<string, { measure: Measure; by: Map<Subject, number[]> }>();

  add(measure: Measure, subject: Subject, value: number): void {
    let figure = this.#figures.get(measure.title);
    if (figure === undefined) {
      figure = { measure, by: new Map() };
      this.#figures.set(measure.title, figure);
    }
    const values = figure.by.get(subject);
    if (values === undefined) figure.by.set(subject, [value]);
    else values.push(value);
  }

  rows(): Row[] {
    return [...this.#figures.values()].map(({ measure, by }) => {
      const values = Object.fromEntries([...by].map(([subject, all]) => [subject, median(all)]));
      const floor = measure.floor === undefined ? undefined : values[measure.floor];
      const { gateway } = values;
      return {
        ...measure,
        values,
        repetitions: Math.max(...[...by.values()].map(({ length }) => length)),
        ratio: floor === undefined || gateway === undefined ? undefined : gateway / floor,
      };
    });
  }
}
