import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import type { ProsodyProcess } from "./prosody-process.js";

const backOff = { first: 1_000, longest: 30_000 };
/** Who ran this long was well; the next end is a new story. */
const steadyAfter = 60_000;

/** Keeps one server running until `stop`: starts it again when it ends by itself, with growing pauses. */
export class ProsodySupervisor {
  readonly #run: (signal: AbortSignal) => Promise<ProsodyProcess>;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #process: ProsodyProcess | undefined;
  #watching: Promise<void> = Promise.resolve();

  /** `run` gives up at the signal. */
  constructor(run: (signal: AbortSignal) => Promise<ProsodyProcess>, log: Log) {
    this.#run = run;
    this.#log = log;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when the server is ready; rejects when its first start fails or `signal` ends it, and then tries no more. */
  async start(signal?: AbortSignal): Promise<void> {
    const own = this.#stopping.signal;
    const process = await this.#run(signal === undefined ? own : AbortSignal.any([signal, own]));
    this.#process = process;
    this.#watching = this.#watch(process);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process?.stop();
    await this.#watching;
  }

  async #watch(first: ProsodyProcess): Promise<void> {
    const { signal } = this.#stopping;
    let pause = backOff.first;
    for (let process: ProsodyProcess | undefined = first; !signal.aborted; ) {
      if (process !== undefined) {
        const since = performance.now();
        const how = await process.ended;
        this.#process = undefined;
        if (signal.aborted) return;
        if (performance.now() - since > steadyAfter) pause = backOff.first;
        this.#log.error({ how, pause }, "Prosody ended by itself and is started again.");
      }
      await delay(pause, undefined, { signal }).catch(() => {});
      pause = Math.min(pause * 2, backOff.longest);
      if (!signal.aborted) process = await this.#again();
    }
  }

  async #again(): Promise<ProsodyProcess | undefined> {
    try {
      const process = await this.#run(this.#stopping.signal);
      this.#process = process;
      if (this.#stopping.signal.aborted) await process.stop();
      else this.#log.info({ pid: process.pid }, "Prosody runs again.");
      return process;
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#log.error({}, messageOf(error));
      return undefined;
    }
  }
}
