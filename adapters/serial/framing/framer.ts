/** Bytes of a line in, whole frames out. Holds little more than the longest frame that its settings allow. */
export interface Framer {
  /** The frames that these bytes complete, oldest first, without delimiter and check; each is a copy of its own. */
  push(bytes: Uint8Array): readonly Uint8Array[];
  /** The line was silent for `silence`: the frames that this completes. What else was gathered is noise. */
  flush(): readonly Uint8Array[];
  /** The link is new: what was gathered is half a frame, and noise. */
  reset(): void;
  /** Milliseconds without a byte after which `flush` is due; `undefined` where silence means nothing. */
  readonly silence: number | undefined;
  /** Bytes that were no part of a good frame, since the start. */
  readonly noise: number;
  /** Frames whose check was wrong, since the start; their bytes are noise too. */
  readonly failed: number;
}

/** The frame without its check, or `undefined` when the check is wrong. May be a view of the same memory. */
export type Check = (frame: Uint8Array) => Uint8Array | undefined;

export const unchecked: Check = (frame) => frame;
