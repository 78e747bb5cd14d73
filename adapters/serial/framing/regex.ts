import type { RE2JS } from "re2js";
import type { Check, Framer } from "./framer.js";

const lineFeed = 10;
const lineEnd = /\r?\n$/;

/**
 * Frames of several lines: from one that matches `first`, where that is said, to one that matches `last`. They keep
 * their line ends, but for the last. A new `first` line drops the lines before it, so that a frame that was cut takes
 * no other with it. Each line is looked at once.
 */
export class RegexFramer implements Framer {
  readonly silence = undefined;
  readonly #first: RE2JS | undefined;
  readonly #last: RE2JS;
  readonly #max: number;
  readonly #check: Check;
  readonly #line: Uint8Array;
  readonly #frame: Uint8Array;
  #lineLength = 0;
  #frameLength = 0;
  #isInside: boolean;
  #noise = 0;
  #failed = 0;

  constructor(framing: { readonly first?: RE2JS; readonly last: RE2JS; readonly max: number }, check: Check) {
    this.#first = framing.first;
    this.#last = framing.last;
    this.#max = framing.max;
    this.#check = check;
    // Room for the line end that is no part of the frame.
    this.#line = new Uint8Array(framing.max + 2);
    this.#frame = new Uint8Array(framing.max + 2);
    this.#isInside = framing.first === undefined;
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
      if (this.#lineLength < this.#line.length) this.#line[this.#lineLength] = byte;
      this.#lineLength += 1;
      if (byte === lineFeed) this.#onLine(frames);
    }
    return frames;
  }

  flush(): readonly Uint8Array[] {
    this.reset();
    return [];
  }

  reset(): void {
    this.#noise += this.#lineLength;
    this.#lineLength = 0;
    this.#dropFrame(this.#first === undefined);
  }

  #onLine(frames: Uint8Array[]): void {
    const length = this.#lineLength;
    this.#lineLength = 0;
    const isWhole = length <= this.#line.length;
    const raw = Buffer.from(this.#line.subarray(0, isWhole ? length : 0)).toString("latin1");
    const text = raw.replace(lineEnd, "");
    if (isWhole && this.#first?.matcher(text).find() === true) this.#dropFrame(true);
    const isLast = isWhole && this.#last.matcher(text).find();
    if (!this.#isInside || !isWhole || this.#frameLength + text.length > this.#max) {
      this.#noise += length;
      // What comes after an overlong frame is a frame's beginning only behind a line that ends one.
      this.#dropFrame(this.#first === undefined && isLast);
      return;
    }
    this.#frame.set(this.#line.subarray(0, length), this.#frameLength);
    this.#frameLength += length;
    if (isLast) this.#end(frames, raw.length - text.length);
  }

  #end(frames: Uint8Array[], endLength: number): void {
    const frame = this.#check(this.#frame.subarray(0, this.#frameLength - endLength));
    if (frame === undefined) {
      this.#failed += 1;
      this.#dropFrame(this.#first === undefined);
      return;
    }
    frames.push(frame.slice());
    this.#frameLength = 0;
    this.#isInside = this.#first === undefined;
  }

  #dropFrame(isInside: boolean): void {
    this.#noise += this.#frameLength;
    this.#frameLength = 0;
    this.#isInside = isInside;
  }
}
