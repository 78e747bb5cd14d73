import type { DeviceId } from "../core/device.js";

/** One server-sent event, on its way to everybody who may hear it. */
export interface Frame {
  /** 0 where it has none of its own. */
  readonly seq: number;
  readonly name: "state" | "availability" | "event" | "receipt";
  /** What it is about, on which depends who may hear it. */
  readonly about:
    | { readonly device: DeviceId }
    | { readonly removed: DeviceId }
    | { readonly command: string };
  /** Roughly, in characters. */
  readonly size: number;
  /** Made only when somebody hears it. */
  readonly data: () => object;
}

/** The newest frames in the order of their `seq`: what a stream that was away, or is slow, can still be told. */
export class Replay {
  readonly #frameLimit: number;
  readonly #sizeLimit: number;
  #frames: Frame[] = [];
  /** Where the kept ones begin; what is before waits to be cut off in one go. */
  #start = 0;
  #size = 0;
  #forgotten: number;

  /** `seq` is that of the last thing that happened before. */
  constructor(seq: number, limits: { readonly frames: number; readonly size: number }) {
    this.#forgotten = seq;
    this.#frameLimit = limits.frames;
    this.#sizeLimit = limits.size;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#size += frame.size;
    while (this.#frames.length - this.#start > this.#frameLimit || this.#size > this.#sizeLimit) {
      const oldest = this.#frames[this.#start];
      if (oldest === undefined) break;
      this.#start += 1;
      this.#size -= oldest.size;
      this.#forgotten = oldest.seq;
    }
    if (this.#start > this.#frameLimit) {
      this.#frames = this.#frames.slice(this.#start);
      this.#start = 0;
    }
  }

  /** Whether nothing that came after `seq` is forgotten. */
  reachesBackTo(seq: number): boolean {
    return seq >= this.#forgotten;
  }

  *after(seq: number): Generator<Frame, void, undefined> {
    let low = this.#start;
    let high = this.#frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#frames[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    for (let at = low; at < this.#frames.length; at += 1) {
      const frame = this.#frames[at];
      if (frame !== undefined) yield frame;
    }
  }
}
