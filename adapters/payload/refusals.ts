import type { ChannelId, DeviceId } from "../../src/core/device.js";
import { messageOf } from "../../src/core/errors.js";
import type { Log } from "../../src/core/log.js";
import { RateGate } from "../../src/core/rate-gate.js";
import type { Payload } from "./payload.js";
import { RuleDisabled } from "./work-limit.js";

/** What a message was read for; the log has all of it. */
interface Purpose {
  readonly device: DeviceId;
  /** None where it tells whether the device is there. */
  readonly channel?: ChannelId | undefined;
  readonly [fact: string]: unknown;
}

/** Reads messages, and complains of what cannot be read: one line a minute for each channel, and nothing else is lost. */
export class Refusals {
  readonly #log: Log;
  readonly #gate = new RateGate();

  constructor(log: Log) {
    this.#log = log;
  }

  /** What `reader` makes of the message; `undefined` where it says nothing, is longer than `largest` or is refused. */
  read<Result>(
    purpose: Purpose,
    payload: Payload,
    largest: number,
    reader: (payload: Payload) => Result | undefined,
  ): Result | undefined {
    const { length } = payload.bytes;
    if (length > largest) {
      this.complain(purpose, `dropped a message of ${length} bytes; ${largest} are the limit`);
      return undefined;
    }
    try {
      return reader(payload);
    } catch (error) {
      // Told once in the life of a rule, which no other complaint may hide.
      if (error instanceof RuleDisabled)
        this.#log.error({ ...purpose }, `${purpose.device}: ${error.message}`);
      else this.complain(purpose, `refused a message: ${messageOf(error)}`);
      return undefined;
    }
  }

  complain(purpose: Purpose, sentence: string): void {
    const { allowed, suppressed } = this.#gate.allow(
      `${purpose.device}/${purpose.channel ?? "availability"}`,
    );
    if (allowed) this.#log.warn({ ...purpose, suppressed }, `${purpose.device}: ${sentence}`);
  }
}
