import type { Check, Framer } from "./framer.js";
import { Window } from "./window.js";

/** A frame stands at `0..to` of the bytes held; with what ends it, it takes `0..end`. */
export interface Found {
  readonly to: number;
  readonly end: number;
}

/** How one framing finds the end of a frame. */
export interface Shape {
  /** Every frame begins with these; empty where a frame may begin with anything. */
  readonly start: Uint8Array;
  /** The most that a frame may hold, with what ends it. */
  readonly limit: number;
  /** After a wrong frame, the next is looked for one byte after its beginning; otherwise after its end. */
  readonly isSliding: boolean;
  /** Where nothing slides: so many bytes of an overlong frame may be the beginning of what ends it. */
  readonly overlap: number;
  readonly silence?: number;
  /** Bytes such as line ends that mean nothing between frames. */
  isFiller?(byte: number): boolean;
  /**
   * The frame that begins at `held[0]`. The first `seen` bytes have been looked at before, and ended nothing.
   * `undefined`: more bytes are needed. "broken": no frame begins here.
   */
  measure(held: Uint8Array, seen: number): Found | "broken" | undefined;
}

// A start that occurs in the data of a wrong frame is tried too. Each try may cost the length of a frame; so many
// looks at each byte that came are enough for all but noise that is made of nothing but starts.
const looksPerByte = 64;

/** Hunts for frames of one shape among noise, in time that is linear in the bytes that come. */
export class Hunter implements Framer {
  readonly silence: number | undefined;
  readonly #shape: Shape;
  readonly #check: Check;
  readonly #window: Window;
  #noise = 0;
  #failed = 0;
  #seen = 0;
  #isSkipping = false;
  /** Where the window begins in the stream, and up to where the stream has paid for the looks at it. */
  #position = 0;
  #paid = 0;

  constructor(shape: Shape, check: Check) {
    this.#shape = shape;
    this.#check = check;
    this.#window = new Window(shape.limit);
    this.silence = shape.silence;
  }

  get noise(): number {
    return this.#noise;
  }

  get failed(): number {
    return this.#failed;
  }

  push(bytes: Uint8Array): readonly Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let taken = 0; taken < bytes.length; ) {
      taken += this.#window.append(bytes.subarray(taken));
      this.#drain(frames);
    }
    return frames;
  }

  flush(): readonly Uint8Array[] {
    this.reset();
    return [];
  }

  reset(): void {
    this.#discard(this.#window.length);
    this.#isSkipping = false;
  }

  #drain(frames: Uint8Array[]): void {
    while (this.#isAtStart()) {
      const held = this.#window.view;
      const found = this.#shape.measure(held, this.#seen);
      if (found === undefined) {
        this.#seen = held.length;
        if (held.length < this.#window.limit) return;
        this.#giveUp();
      } else if (found === "broken") {
        this.#discard(1);
      } else {
        this.#take(held, found, frames);
      }
    }
  }

  /** Drops what cannot begin a frame; true when a frame may begin at the first byte that is held. */
  #isAtStart(): boolean {
    const { start } = this.#shape;
    const held = this.#window.view;
    if (held.length === 0) return false;
    const at = bytesOf(held).indexOf(start);
    this.#discard(at < 0 ? Math.max(0, held.length - start.length + 1) : at);
    return at >= 0;
  }

  #take(held: Uint8Array, { to, end }: Found, frames: Uint8Array[]): void {
    if (this.#isSkipping) {
      this.#isSkipping = false;
      this.#discard(end);
      return;
    }
    const isEmpty = to === 0;
    const frame = isEmpty ? undefined : this.#check(held.subarray(0, to));
    if (isEmpty || frame !== undefined) {
      if (frame !== undefined) frames.push(frame.slice());
      this.#drop(end);
      return;
    }
    this.#failed += 1;
    if (this.#shape.isSliding && this.#canAfford(to)) {
      this.#seen = to;
      this.#discard(1);
    } else {
      this.#discard(end);
    }
  }

  /** An overlong frame. */
  #giveUp(): void {
    if (this.#shape.isSliding) {
      this.#discard(1);
      return;
    }
    this.#isSkipping = true;
    this.#discard(this.#window.length - this.#shape.overlap);
  }

  #canAfford(looks: number): boolean {
    const here = this.#position + looks;
    this.#paid = Math.max(this.#paid, here - this.#shape.limit) + looks / looksPerByte;
    return this.#paid <= here;
  }

  #discard(count: number): void {
    const dropped = this.#window.view.subarray(0, count);
    for (const byte of dropped) if (this.#shape.isFiller?.(byte) !== true) this.#noise += 1;
    this.#drop(count);
  }

  #drop(count: number): void {
    this.#window.drop(count);
    this.#position += count;
    this.#seen = Math.max(0, this.#seen - count);
  }
}

function bytesOf(view: Uint8Array): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
