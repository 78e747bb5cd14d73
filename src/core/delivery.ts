import type { Command, FinalReceipt } from "./command.js";
import type { Channel } from "./device.js";
import { GatewayError, type GatewayErrorCode, messageOf } from "./errors.js";
import { judge } from "./reached.js";
import type { Value } from "./value.js";

export interface Outcome {
  readonly receipt: FinalReceipt;
  readonly code?: GatewayErrorCode;
  readonly detail?: string;
}

/**
 * One command on its way: waiting, being sent, waiting for its confirmation, done.
 *
 * It leaves before its deadline or never; `confirmWithin` runs from the sending. Both are counted on the monotonic clock.
 */
export class Delivery {
  readonly command: Command;
  readonly channel: Channel;
  readonly #confirmWithin: number;
  readonly #mayLeave: () => boolean;
  readonly #onEnd: (outcome: Outcome) => void;
  readonly #abort = new AbortController();
  readonly #deadline: number;
  #timer: NodeJS.Timeout;
  #stage: "waiting" | "sending" | "sent" | "done" = "waiting";
  readonly #before: Value | undefined;
  #previous: Value | undefined;

  constructor(parts: {
    readonly command: Command;
    readonly channel: Channel;
    /** Milliseconds from now. */
    readonly leaveWithin: number;
    readonly confirmWithin: number;
    /** What the channel last said. */
    readonly before: Value | undefined;
    /** Asked once more just before the sending. */
    readonly mayLeave: () => boolean;
    readonly onEnd: (outcome: Outcome) => void;
  }) {
    this.command = parts.command;
    this.channel = parts.channel;
    this.#confirmWithin = parts.confirmWithin;
    this.#before = parts.before;
    this.#mayLeave = parts.mayLeave;
    this.#onEnd = parts.onEnd;
    this.#deadline = performance.now() + parts.leaveWithin;
    this.#timer = setTimeout(() => this.#onDeadline(), parts.leaveWithin);
  }

  get isDone(): boolean {
    return this.#stage === "done";
  }

  /** Resolves when the transport is free for the next command. */
  async send(transport: (command: Command, signal: AbortSignal) => Promise<void>): Promise<void> {
    if (performance.now() >= this.#deadline) return this.#onDeadline();
    if (!this.#mayLeave()) {
      return this.end({
        receipt: "refused",
        code: "forbidden",
        detail: "The right to do it was withdrawn meanwhile.",
      });
    }
    this.#stage = "sending";
    const aborted = new Promise<void>((resolve) => {
      this.#abort.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([
      aborted,
      transport(this.command, this.#abort.signal).then(
        () => this.#onSent(),
        (error: unknown) => this.#onRefused(error),
      ),
    ]);
  }

  /** Hears what the device reports on this channel. */
  hear(value: Value): void {
    if (this.#stage !== "sending" && this.#stage !== "sent") return;
    const verdict = judge(this.channel.value, this.command.value, value, this.#before, this.#previous);
    this.#previous = value;
    if (verdict === "reached") this.end({ receipt: "confirmed" });
    if (verdict === "failed") {
      this.end({
        receipt: "failed",
        code: "adapter-failed",
        detail: "The device says that it could not do it.",
      });
    }
  }

  /** A newer command took its place: what has not left never leaves, what has left is no longer waited for. */
  supersede(): void {
    if (this.#stage === "waiting") {
      this.end({ receipt: "refused", code: "superseded", detail: "A newer command took its place." });
    } else {
      this.end({ receipt: "sent", code: "superseded", detail: "Sent; a newer command followed." });
    }
  }

  /** The gateway stops, or the device goes. */
  cancel(code: GatewayErrorCode, reason: string): void {
    if (this.#stage === "waiting") this.end({ receipt: "refused", code, detail: reason });
    else this.end({ receipt: "unknown", detail: `${reason} It was under way; it may have happened.` });
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  end(outcome: Outcome): void {
    if (this.#stage === "done") return;
    const wasSending = this.#stage === "sending";
    this.#stage = "done";
    // While it is being sent, the deadline still frees the transport.
    if (!wasSending) clearTimeout(this.#timer);
    this.#onEnd(outcome);
  }

  #onDeadline(): void {
    const stage = this.#stage;
    this.#abort.abort();
    if (stage === "waiting") {
      this.end({
        receipt: "expired",
        code: "deadline-passed",
        detail: "It could not be sent in time, and was not.",
      });
    }
    if (stage === "sending") {
      this.end({
        receipt: "timed-out",
        detail: "The device's link did not take it in time; it may have happened.",
      });
    }
  }

  #onSent(): void {
    clearTimeout(this.#timer);
    if (this.#stage !== "sending") return;
    this.#stage = "sent";
    const canConfirm = this.channel.readable && this.channel.value.kind !== "button";
    if (!canConfirm || this.#confirmWithin === 0) {
      this.end({ receipt: "sent" });
      return;
    }
    const seconds = Math.round(this.#confirmWithin / 100) / 10;
    this.#timer = setTimeout(
      () => this.end({ receipt: "timed-out", detail: `No answer in ${seconds} s; it may have happened.` }),
      this.#confirmWithin,
    );
  }

  #onRefused(error: unknown): void {
    clearTimeout(this.#timer);
    const code = error instanceof GatewayError ? error.code : "adapter-failed";
    this.end({ receipt: "failed", code, detail: messageOf(error) });
  }
}
