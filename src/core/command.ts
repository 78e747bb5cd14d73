import type { ChannelId, DeviceId, Risk } from "./device.js";
import type { GatewayErrorCode } from "./errors.js";
import type { Locale } from "./locale.js";
import type { CommandValue } from "./value.js";

/** Who asks: the bare JID, or the name of a token, seen from the core. */
export type Principal = string;

/** What a face hands down; nothing in it is trusted yet. */
export interface CommandRequest {
  readonly device: DeviceId;
  readonly channel: ChannelId;
  /** As it came: the core parses it against the channel. */
  readonly value: unknown;
  /** How the person who wrote `value` reads and writes; without one it came from a machine. */
  readonly locale?: Locale;
  /** The sender's own stable id; a repeat within ten minutes gets the first receipt and does nothing. */
  readonly id?: string;
  /** The code that answered `confirmation-required`. */
  readonly confirm?: string;
}

/** A value someone wants a channel to have, parsed and allowed: what an adapter is given. */
export interface Command {
  readonly id: string;
  readonly device: DeviceId;
  readonly channel: ChannelId;
  readonly value: CommandValue;
  /** How much harm it can do; of unknown harm unless it is said. What is a `hazard` is never sent twice. */
  readonly risk?: Risk;
}

/**
 * `confirmed` the device reported the wanted value after the sending · `sent` it cannot or need not confirm · `failed` the
 * device or its transport said no · `timed-out` sent, not confirmed in time, may have happened · `expired` never sent, too
 * old · `refused` never sent · `unknown` the gateway stopped meanwhile, may have happened.
 */
export type FinalReceipt = "confirmed" | "sent" | "failed" | "timed-out" | "expired" | "refused" | "unknown";

/** What became of a command. Exactly one for each. */
export interface Receipt {
  readonly command: string;
  readonly device: DeviceId;
  readonly channel: ChannelId;
  readonly receipt: FinalReceipt;
  /** The value the command asked for, once it was understood. */
  readonly value?: CommandValue;
  /** Why it was refused or failed. */
  readonly code?: GatewayErrorCode;
  /** A sentence for a person. */
  readonly detail?: string;
  /** With `confirmation-required`: the code to repeat, and when it dies (milliseconds since the epoch). */
  readonly confirm?: string;
  readonly expiresAt?: number;
}
