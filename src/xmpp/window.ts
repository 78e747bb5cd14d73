/** In milliseconds, but for the sizes. */
export interface WindowLimits {
  readonly least: number;
  readonly most: number;
  /** By how much it grows at a time. */
  readonly step: number;
  /** An answer that is back in this time left the peer idle before. */
  readonly quick: number;
  /** An answer that takes longer waited behind too much of ours. */
  readonly slow: number;
}

/**
 * How much may be under way at a server whose speed nobody knows: more while all of it is used and answers are quick, half
 * when they are slow.
 */
export class Window {
  readonly #limits: WindowLimits;
  #size: number;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
    this.#size = limits.least;
  }

  get size(): number {
    return this.#size;
  }

  /** An answer came after so many milliseconds; `wasUsedUp` says whether nothing more could be sent meanwhile. */
  onAnswer(roundTrip: number, wasUsedUp: boolean): void {
    const { least, most, step, quick, slow } = this.#limits;
    if (roundTrip > slow) this.#size = Math.max(least, Math.floor(this.#size / 2));
    else if (wasUsedUp && roundTrip < quick) this.#size = Math.min(most, this.#size + step);
  }
}
