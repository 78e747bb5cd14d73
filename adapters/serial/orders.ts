import { GatewayError } from "../../src/core/errors.js";

/** A command that waits for its turn on a line, or has it. */
export interface Order {
  readonly signal: AbortSignal;
  /** It was on the line before, and nobody answered. */
  hasLeft: boolean;
  settle(fault: GatewayError | undefined): void;
  /** It is not to be sent any more. */
  giveUp(): void;
}

/** Commands that wait for one line, in their order. One whose signal aborts while it waits never leaves. */
export class Orders<Wish extends object> {
  readonly #waiting: (Wish & Order)[] = [];

  /** Resolves and rejects as the order is settled. */
  async take(wish: Wish, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    await new Promise<void>((resolve, reject) => {
      const order: Wish & Order = {
        ...wish,
        signal,
        hasLeft: false,
        settle: (fault) => {
          signal.removeEventListener("abort", onAbort);
          if (fault === undefined) resolve();
          else reject(fault);
        },
        giveUp: () => order.settle(order.hasLeft ? uncertain() : cancelled()),
      };
      // What became of one that is on the line, the line says.
      const onAbort = () => {
        const at = this.#waiting.indexOf(order);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        order.giveUp();
      };
      signal.addEventListener("abort", onAbort);
      this.#waiting.push(order);
    });
  }

  next(): (Wish & Order) | undefined {
    return this.#waiting.shift();
  }

  /** It left and was not answered: it is sent once more, when it is its turn. */
  again(order: Wish & Order): void {
    order.hasLeft = true;
    this.#waiting.push(order);
  }

  /** The line is gone. */
  refuse(): void {
    for (const order of this.#waiting.splice(0)) order.settle(order.hasLeft ? uncertain() : offline());
  }
}

export function offline(): GatewayError {
  return new GatewayError("device-offline", "The port is not open.");
}

function cancelled(): GatewayError {
  return new GatewayError("adapter-failed", "The command was cancelled before it left.");
}

function uncertain(): GatewayError {
  return new GatewayError(
    "adapter-failed",
    "Nobody answered it, and it was not repeated; it may have happened.",
  );
}
