import { messageOf } from "../../src/core/errors.js";
import type { HttpClient } from "./client/client.js";
import { HttpFailure } from "./client/failure.js";
import type { HttpAnswer, HttpRequest } from "./client/request.js";
import { delayAfter } from "./poll-delay.js";

export interface PollListener {
  onAnswer(answer: HttpAnswer): void;
  /** So many in a row. */
  onFailure(failure: HttpFailure, failures: number): void;
}

/** How long the first polls of many are spread. */
const longestJitter = 1_000;

/** Asks one thing at intervals, never twice at a time, until `stop`. */
export class Poll {
  readonly #client: Pick<HttpClient, "request">;
  readonly #listener: PollListener;
  readonly #stopped = new AbortController();
  #request: HttpRequest;
  #every: number;
  #timer: NodeJS.Timeout | undefined;
  #flight: Promise<void> | undefined;
  /** When the next one begins, on the monotonic clock. */
  #due = 0;
  #failures = 0;

  constructor(
    client: Pick<HttpClient, "request">,
    { request, every }: { request: HttpRequest; every: number },
    listener: PollListener,
  ) {
    this.#client = client;
    this.#request = request;
    this.#every = every;
    this.#listener = listener;
  }

  start(): void {
    this.#due = performance.now() + Math.random() * Math.min(this.#every / 10, longestJitter);
    this.#wait();
  }

  /** Ends what is under way, too; nothing is told any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  /** From now on it asks this, so often. The answer is new to whoever reads it: it is asked at once, and not for changes only. */
  follow({ request, every }: { request: HttpRequest; every: number }): void {
    this.#request = request;
    this.pace(every);
    void this.readAgain();
  }

  /** From now on it asks so often. */
  pace(every: number): void {
    if (every === this.#every) return;
    this.#every = every;
    this.#due = Math.min(this.#due, performance.now() + every);
    if (this.#flight === undefined) this.#wait();
  }

  /** Resolves when there was an answer, or none, to a request that began after this call. */
  async readAgain(): Promise<void> {
    await this.#flight;
    if (!this.#stopped.signal.aborted) await this.#begin(false);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#due += this.#every;
      void this.#begin(true);
    }, this.#due - performance.now());
  }

  #begin(isConditional: boolean): Promise<void> {
    this.#flight ??= this.#ask(isConditional).finally(() => {
      this.#flight = undefined;
      if (!this.#stopped.signal.aborted) this.#wait();
    });
    return this.#flight;
  }

  async #ask(isConditional: boolean): Promise<void> {
    const { signal } = this.#stopped;
    clearTimeout(this.#timer);
    try {
      const answer = await this.#client.request(this.#request, { signal, priority: "poll", isConditional });
      if (!signal.aborted) this.#onAnswer(answer);
    } catch (error) {
      if (!signal.aborted) this.#onFailure(failureOf(error));
    }
  }

  #onAnswer(answer: HttpAnswer): void {
    const now = performance.now();
    if (this.#failures > 0) this.#due = now + this.#every;
    // What took too long is left out: polls never pile up.
    else if (this.#due <= now) this.#due += this.#every * (Math.floor((now - this.#due) / this.#every) + 1);
    this.#failures = 0;
    this.#listener.onAnswer(answer);
  }

  #onFailure(failure: HttpFailure): void {
    this.#failures += 1;
    this.#due = performance.now() + delayAfter(failure, this.#failures, this.#every);
    this.#listener.onFailure(failure, this.#failures);
  }
}

/** Whatever goes wrong with one answer ends that poll only. */
function failureOf(error: unknown): HttpFailure {
  return error instanceof HttpFailure ? error : new HttpFailure("broken", messageOf(error), { cause: error });
}
