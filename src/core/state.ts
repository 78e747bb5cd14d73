import type { Value } from "./value.js";

/**
 * `live` the device said so; `stale` it may have changed since (retained, restored, or too old); `unavailable` the
 * device or its link is gone.
 */
export type Quality = "live" | "stale" | "unavailable";

/** What a channel last said. A channel that never said anything has no state: its quality is unknown. */
export interface State {
  readonly value: Value;
  readonly quality: Quality;
  /** When it was observed: milliseconds since the epoch. */
  readonly at: number;
  /** Grows with every accepted change within one epoch (one run of the gateway). */
  readonly seq: number;
}
