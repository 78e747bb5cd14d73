import type { FinalReceipt } from "../core/command.js";
import type { Gateway } from "../core/gateway.js";

const mostTimes = 10_000;

/** What happened since the start, in plain numbers: cheap enough to count whether or not anybody ever asks. */
export class Tally {
  states = 0;
  events = 0;
  readonly receipts = new Map<FinalReceipt, number>();
  /** By status. */
  readonly responses = new Map<number, number>();
  #confirmedIn: number[] = [];

  constructor(gateway: Gateway) {
    gateway.on("state", ({ states }) => {
      this.states += states.size;
    });
    gateway.on("event", () => {
      this.events += 1;
    });
    gateway.on("receipt", ({ receipt, took }) => {
      increase(this.receipts, receipt);
      if (receipt === "confirmed" && this.#confirmedIn.length < mostTimes) this.#confirmedIn.push(took);
    });
  }

  onResponse(status: number): void {
    increase(this.responses, status);
  }

  /** Milliseconds from request to confirmation, of each command since the last call; at most 10,000. */
  takeConfirmationTimes(): readonly number[] {
    const times = this.#confirmedIn;
    this.#confirmedIn = [];
    return times;
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
