import type { PingTiming } from "./ping-barrier.js";

/** All in milliseconds. */
export interface LinkTiming extends PingTiming {
  readonly connectWithin: number;
  /** From the opening of our stream to the header of the server's. */
  readonly openWithin: number;
  readonly handshakeWithin: number;
  readonly closeWithin: number;
}

export const defaultTiming: LinkTiming = {
  connectWithin: 10_000,
  openWithin: 10_000,
  handshakeWithin: 10_000,
  closeWithin: 2_500,
  pingEvery: 15_000,
  pingTimeout: 10_000,
};
