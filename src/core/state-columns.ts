import type { Quality, State } from "./state.js";
import type { Value } from "./value.js";

const qualities: readonly Quality[] = ["live", "stale", "unavailable"];
const kindOf = { number: 0, boolean: 1, other: 2 } as const;
const qualityStep = 4;
const seqStep = qualityStep * qualities.length;

/**
 * The states of many channels, each in a cell of three columns: `mark` has seq, quality and kind of value in one number, `at` the
 * time, `value` the number or truth itself; texts and objects stand aside. 24 bytes a state, where an object of its own takes
 * over a hundred.
 *
 *     cell    0          1          2
 *     mark    seq*12+..  0          seq*12+..     0: nothing was said yet
 *     at      ms         -          ms
 *     value   21.4       -          1
 */
export class StateColumns {
  #mark = new Float64Array(0);
  #at = new Float64Array(0);
  #value = new Float64Array(0);
  readonly #others = new Map<number, Value>();
  /** First cells of ranges that are free again, by length. */
  readonly #free = new Map<number, number[]>();
  #used = 0;

  /** The first of so many cells in a row, all empty. */
  allocate(count: number): number {
    const free = this.#free.get(count)?.pop();
    if (free !== undefined) return free;
    const first = this.#used;
    this.#used += count;
    if (this.#used > this.#mark.length) this.#grow(Math.max(64, this.#used + (this.#used >> 3)));
    return first;
  }

  release(first: number, count: number): void {
    this.#mark.fill(0, first, first + count);
    for (let cell = first; cell < first + count; cell++) this.#others.delete(cell);
    const free = this.#free.get(count);
    if (free === undefined) this.#free.set(count, [first]);
    else free.push(first);
  }

  get(cell: number): State | undefined {
    const mark = this.#mark[cell] ?? 0;
    const value = this.#valueOf(cell, mark % qualityStep);
    const quality = qualities[Math.floor(mark / qualityStep) % qualities.length];
    if (mark === 0 || value === undefined || quality === undefined) return undefined;
    return { value, quality, at: this.#at[cell] ?? 0, seq: Math.floor(mark / seqStep) };
  }

  set(cell: number, { value, quality, at, seq }: State): void {
    const kind =
      typeof value === "number" ? kindOf.number : typeof value === "boolean" ? kindOf.boolean : kindOf.other;
    this.#mark[cell] = seq * seqStep + qualities.indexOf(quality) * qualityStep + kind;
    this.#at[cell] = at;
    if (typeof value === "number" || typeof value === "boolean") {
      this.#value[cell] = Number(value);
      this.#others.delete(cell);
    } else this.#others.set(cell, value);
  }

  #valueOf(cell: number, kind: number): Value | undefined {
    if (kind === kindOf.other) return this.#others.get(cell);
    const value = this.#value[cell];
    return kind === kindOf.boolean ? value === 1 : value;
  }

  #grow(length: number): void {
    const grown = (column: Float64Array) => {
      const longer = new Float64Array(length);
      longer.set(column);
      return longer;
    };
    this.#mark = grown(this.#mark);
    this.#at = grown(this.#at);
    this.#value = grown(this.#value);
  }
}
