import type { Command } from "../../src/core/command.js";
import type { Channel } from "../../src/core/device.js";
import { confirmWithin, judge } from "../../src/core/reached.js";
import { parseReport } from "../../src/core/value-parse.js";

/** Milliseconds between two readings; the last one goes on until the time is over. */
const spacings = [0, 500, 1_000, 2_000, 4_000];

/** Reads a channel after it was told something, until it shows the value or the core waits no longer. */
export class Confirmation {
  readonly #read: (command: Command) => Promise<unknown>;
  readonly #running = new Map<string, AbortController>();
  #isStopped = false;

  /** `read` resolves with what the channel says now, or `undefined`. */
  constructor(read: (command: Command) => Promise<unknown>) {
    this.#read = read;
  }

  /** Takes the place of what is still being confirmed on the channel. */
  begin(channel: Channel, command: Command): void {
    if (this.#isStopped) return;
    const key = `${command.device}/${command.channel}`;
    const ended = new AbortController();
    this.#running.get(key)?.abort();
    this.#running.set(key, ended);
    void this.#follow(channel, command, ended.signal).finally(() => {
      if (this.#running.get(key) === ended) this.#running.delete(key);
    });
  }

  /** For good: what was told while it stops is not read any more. */
  stop(): void {
    this.#isStopped = true;
    for (const ended of this.#running.values()) ended.abort();
    this.#running.clear();
  }

  async #follow(channel: Channel, command: Command, signal: AbortSignal): Promise<void> {
    const end = performance.now() + confirmWithin(channel);
    for (let count = 0; ; count += 1) {
      const spacing = spacings[Math.min(count, spacings.length - 1)] ?? 0;
      if (performance.now() + spacing > end) return;
      if (spacing > 0) await pause(spacing, signal);
      if (signal.aborted) return;
      const raw = await this.#read(command);
      if (signal.aborted || isOver(channel, command, raw)) return;
    }
  }
}

function isOver({ value: spec }: Channel, { value: wanted }: Command, raw: unknown): boolean {
  if (raw === undefined) return false;
  try {
    return judge(spec, wanted, parseReport(spec, raw), undefined) !== "not-yet";
  } catch {
    return false;
  }
}

/** Resolves after so many milliseconds, or when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const onAbort = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
