import type { Check, Framer } from "./framer.js";

// RFC 1055
const END = 0xc0;
const ESC = 0xdb;
const escaped: ReadonlyMap<number, number> = new Map([
  [0xdc, END],
  [0xdd, ESC],
]);

/** RFC 1055. A frame with an invalid escape, or one that is too long, is dropped up to the next END. */
export class SlipFramer implements Framer {
  readonly silence = undefined;
  readonly #frame: Uint8Array;
  readonly #check: Check;
  #length = 0;
  /** Bytes on the wire that the frame took so far. */
  #raw = 0;
  #isEscaping = false;
  #isBroken = false;
  #noise = 0;
  #failed = 0;

  constructor({ max }: { readonly max: number }, check: Check) {
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
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === END) this.#end(frames);
      else this.#add(byte);
    }
    return frames;
  }

  flush(): readonly Uint8Array[] {
    this.reset();
    return [];
  }

  reset(): void {
    this.#noise += this.#raw;
    this.#begin();
  }

  #begin(): void {
    this.#length = 0;
    this.#raw = 0;
    this.#isEscaping = false;
    this.#isBroken = false;
  }

  #add(byte: number): void {
    this.#raw += 1;
    if (this.#isBroken) return;
    if (!this.#isEscaping && byte === ESC) {
      this.#isEscaping = true;
      return;
    }
    const meant = this.#isEscaping ? escaped.get(byte) : byte;
    this.#isEscaping = false;
    if (meant === undefined || this.#length === this.#frame.length) this.#isBroken = true;
    else this.#frame[this.#length++] = meant;
  }

  #end(frames: Uint8Array[]): void {
    const isWhole = this.#length > 0 && !this.#isBroken && !this.#isEscaping;
    const frame = isWhole ? this.#check(this.#frame.subarray(0, this.#length)) : undefined;
    if (frame !== undefined) {
      frames.push(frame.slice());
    } else {
      if (isWhole) this.#failed += 1;
      this.#noise += this.#raw;
    }
    this.#begin();
  }
}
