import { microseconds, pause } from "./clock.js";
import type { Arrival } from "./watcher.js";

const lookEvery = 5;

/** What arrived during one measurement. */
export class Collector {
  count = 0;
  /** Milliseconds from sending to arrival. */
  readonly latencies: number[] = [];
  readonly #newest: number[] = [];
  #newestAt: number[] = [];
  #lastAt = microseconds();

  readonly take = ({ device, stamp, at }: Arrival): void => {
    this.count += 1;
    this.latencies.push((at - stamp) / 1000);
    if (stamp >= (this.#newest[device] ?? 0)) {
      if (stamp > (this.#newest[device] ?? 0)) this.#newestAt[device] = at;
      this.#newest[device] = stamp;
    }
    this.#lastAt = at;
  };

  /** Resolves when the last state of every device is there, with when that was; `undefined` if it is not in time. */
  async fresh(last: readonly number[], within: number): Promise<number | undefined> {
    const isFresh = () => last.every((stamp, device) => (this.#newest[device] ?? 0) >= stamp);
    return (await until(isFresh, within)) ? Math.max(...this.#newestAt.filter((at) => at > 0)) : undefined;
  }

  /** Resolves when nothing has come for a while: the server has no backlog. */
  async quiet(silence = 300, within = 20_000): Promise<void> {
    const since = microseconds();
    await until(() => microseconds() - Math.max(since, this.#lastAt) > silence * 1000, within);
  }
}

/** Resolves to whether it came true in time. */
export async function until(isTrue: () => boolean, within: number): Promise<boolean> {
  const deadline = microseconds() + within * 1000;
  while (!isTrue()) {
    if (microseconds() > deadline) return false;
    await pause(lookEvery);
  }
  return true;
}
