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
/** Between two requests where the second one comes early. */
const shortestPause = 5_000;

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
  /** When the last one began. */
  #begun = Number.NEGATIVE_INFINITY;
  /** Until then we were asked to leave it alone. */
  #quietUntil = Number.NEGATIVE_INFINITY;
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
    this.#hasten(performance.now() + every);
  }

  /** Asks at once, or soon where it did so just now. */
  hurry(): void {
    this.#hasten(this.#begun + shortestPause);
  }

  /**
   * Resolves when there was an answer, or none, to a request that began after this call; at once, and without one, where we were
   * asked to wait.
   */
  async readAgain(): Promise<void> {
    await this.#flight;
    if (this.#stopped.signal.aborted || performance.now() < this.#quietUntil) return;
    await this.#begin(false);
  }

  /** The next one begins at `due` unless it does so before. */
  #hasten(due: number): void {
    this.#due = Math.min(this.#due, Math.max(due, this.#quietUntil));
    if (this.#flight === undefined) this.#wait();
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
    this.#begun = performance.now();
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
    const now = performance.now();
    this.#failures += 1;
    this.#due = now + delayAfter(failure, this.#failures, this.#every);
    this.#quietUntil = now + (failure.retryAfter ?? 0);
    this.#listener.onFailure(failure, this.#failures);
  }
}

/** Whatever goes wrong with one answer ends that poll only. */
function failureOf(error: unknown): HttpFailure {
  return error instanceof HttpFailure ? error : new HttpFailure("broken", messageOf(error), { cause: error });
}
