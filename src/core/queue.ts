import type { Command } from "./command.js";
import type { Delivery } from "./delivery.js";
import type { ChannelId } from "./device.js";
import type { GatewayErrorCode } from "./errors.js";
import type { Value } from "./value.js";

const waitingLimit = 16;

export interface Priority {
  /** An absolute command, or a stop, that makes the earlier ones on its channel pointless. */
  readonly replaces: boolean;
  /** It is sent before all that waits. */
  readonly overtakes: boolean;
}

/**
 * The commands of one device: sent one at a time in the order they were accepted. Only the sending is ordered; a command
 * never waits for another's confirmation.
 */
export class DeviceQueue {
  readonly #transport: (command: Command, signal: AbortSignal) => Promise<void>;
  readonly #waiting: Delivery[] = [];
  readonly #left = new Set<Delivery>();
  #sending = false;

  constructor(transport: (command: Command, signal: AbortSignal) => Promise<void>) {
    this.#transport = transport;
  }

  /** Whether one more may wait. What takes the place of a waiting command, and what overtakes all, always may. */
  hasRoomFor(channel: ChannelId, { replaces, overtakes }: Priority): boolean {
    this.#drop();
    if (overtakes || this.#waiting.length < waitingLimit) return true;
    return replaces && this.#waiting.some((delivery) => delivery.channel.id === channel);
  }

  /** The value most lately wanted for a channel by a command that is not done. */
  wanted(channel: ChannelId): Command["value"] | undefined {
    return [...this.#left, ...this.#waiting].findLast(
      (delivery) => delivery.channel.id === channel && !delivery.isDone,
    )?.command.value;
  }

  push(delivery: Delivery, { replaces, overtakes }: Priority): void {
    if (replaces) {
      for (const earlier of [...this.#left, ...this.#waiting]) {
        if (earlier.channel.id === delivery.channel.id) earlier.supersede();
      }
    }
    this.#drop();
    if (overtakes) this.#waiting.unshift(delivery);
    else this.#waiting.push(delivery);
    void this.#pump();
  }

  hear(channel: ChannelId, value: Value): void {
    for (const delivery of this.#left) {
      if (delivery.channel.id === channel) delivery.hear(value);
    }
    this.#drop();
  }

  cancel(code: GatewayErrorCode, reason: string): void {
    for (const delivery of [...this.#left, ...this.#waiting]) delivery.cancel(code, reason);
    this.#drop();
  }

  async #pump(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.isDone) continue;
      this.#left.add(next);
      await next.send(this.#transport);
      this.#drop();
    }
    this.#sending = false;
  }

  #drop(): void {
    for (const delivery of this.#left) if (delivery.isDone) this.#left.delete(delivery);
    const waiting = this.#waiting.filter((delivery) => !delivery.isDone);
    this.#waiting.splice(0, this.#waiting.length, ...waiting);
  }
}
