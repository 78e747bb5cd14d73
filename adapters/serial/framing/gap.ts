import type { Check, Framer } from "./framer.js";

/** A frame is what comes between two silences. One that is too long is dropped whole. */
export class GapFramer implements Framer {
  readonly silence: number;
  readonly #frame: Uint8Array;
  readonly #check: Check;
  #length = 0;
  #noise = 0;
  #failed = 0;

  constructor({ gap, max }: { readonly gap: number; readonly max: number }, check: Check) {
    this.silence = gap;
    this.#frame = new Uint8Array(max);
    this.#check = check;
  }

  get noise(): number {
    return this.#noise;
  }

  get failed(): number {
    return this.#failed;
  }

  push(bytes: Uint8Array): readonly Uint8Array[] {
    if (this.#length + bytes.length <= this.#frame.length) this.#frame.set(bytes, this.#length);
    this.#length += bytes.length;
    return [];
  }

  flush(): readonly Uint8Array[] {
    const isWhole = this.#length > 0 && this.#length <= this.#frame.length;
    const frame = isWhole ? this.#check(this.#frame.subarray(0, this.#length))?.slice() : undefined;
    if (isWhole && frame === undefined) this.#failed += 1;
    if (frame === undefined) this.#noise += this.#length;
    this.#length = 0;
    return frame === undefined ? [] : [frame];
  }

  reset(): void {
    this.#noise += this.#length;
    this.#length = 0;
  }
}
