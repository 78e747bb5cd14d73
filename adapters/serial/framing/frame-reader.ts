import type { Framer } from "./framer.js";

/** Gives a framer its sense of time: the frames of a link as they come. */
export class FrameReader {
  readonly #framer: Framer;
  readonly #onFrame: (frame: Uint8Array) => void;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(framer: Framer, onFrame: (frame: Uint8Array) => void) {
    this.#framer = framer;
    this.#onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    this.#stopWaiting();
    const { silence } = this.#framer;
    // Bytes that arrived while the process was busy are read before this immediate runs, and are no silence.
    if (silence !== undefined) {
      this.#timer = setTimeout(() => {
        this.#immediate = setImmediate(() => this.#hand(this.#framer.flush()));
      }, silence);
    }
    this.#hand(this.#framer.push(bytes));
  }

  /** The link is new, or gone: half a frame is no frame. Leaves no timer behind. */
  reset(): void {
    this.#stopWaiting();
    this.#framer.reset();
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  #hand(frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.#onFrame(frame);
  }
}
