import type { OpenPort } from "../protocol.js";
import { type Answer, findAnswer, type Question } from "./frames.js";

/** `silent` nothing came, or the question did not leave · `garbled` what came was no answer · `closed` the port is gone · `late` it may be that of an earlier question. */
export type Outcome = Answer | { readonly failure: "silent" | "garbled" | "closed" | "late" };

/** The longest frame there is, and as much noise around it. */
const mostHeard = 512;

/** Bits of the pause between two frames, 3.5 characters of 11 bits. Modbus over serial line V1.02, 2.5.1.1 */
const pauseBits = 38.5;
/** What an operating system and a USB adapter can tell apart. */
const shortestPause = 5;

/** Milliseconds that a line has to be quiet before the next question. */
export function pauseAt(baudRate: number): number {
  return Math.max(shortestPause, Math.ceil((pauseBits * 1000) / baudRate));
}

/** Asks one question at a time. What is heard while none waits for its answer is nobody's. */
export class Line {
  readonly #port: OpenPort;
  readonly #pause: number;
  readonly #closed = new AbortController();
  #heard = Buffer.alloc(0);
  #lastHeard = Number.NEGATIVE_INFINITY;
  #onHeard: () => void = () => {};

  /** `pause` in milliseconds. */
  constructor(port: OpenPort, pause: number) {
    this.#port = port;
    this.#pause = pause;
  }

  hear(bytes: Uint8Array): void {
    this.#lastHeard = performance.now();
    this.#heard = Buffer.concat([this.#heard, bytes]).subarray(-mostHeard);
    this.#onHeard();
  }

  close(): void {
    this.#closed.abort();
  }

  /** Rejects only when `signal` aborted before the question left. */
  async ask(question: Question, timeout: number, signal?: AbortSignal): Promise<Outcome> {
    await this.#untilQuiet(timeout);
    signal?.throwIfAborted();
    if (this.#closed.signal.aborted) return { failure: "closed" };
    this.#heard = Buffer.alloc(0);
    try {
      const signals = signal === undefined ? [this.#closed.signal] : [this.#closed.signal, signal];
      await this.#port.write(question.frame, AbortSignal.any(signals));
    } catch {
      signal?.throwIfAborted();
      return { failure: this.#closed.signal.aborted ? "closed" : "silent" };
    }
    const answer = await this.#answerTo(question, timeout);
    if (answer !== undefined) return answer;
    if (this.#closed.signal.aborted) return { failure: "closed" };
    return { failure: this.#heard.length > 0 ? "garbled" : "silent" };
  }

  /** A line that never is quiet is asked in spite of it: what disturbs it may not reach the unit. */
  async #untilQuiet(longest: number): Promise<void> {
    const begin = performance.now();
    for (;;) {
      const now = performance.now();
      const rest = Math.min(this.#lastHeard + this.#pause, begin + longest) - now;
      if (!(rest > 0) || this.#closed.signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(rest)));
    }
  }

  #answerTo(question: Question, timeout: number): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const end = (answer: Answer | undefined) => {
        clearTimeout(late);
        this.#closed.signal.removeEventListener("abort", onClose);
        this.#onHeard = () => {};
        resolve(answer);
      };
      const onClose = () => end(undefined);
      const late = setTimeout(end, timeout, undefined);
      this.#closed.signal.addEventListener("abort", onClose);
      const look = () => {
        const answer = findAnswer(question, this.#heard);
        if (answer !== undefined) end(answer);
      };
      this.#onHeard = look;
      // A pseudo-terminal or a socket may be faster than the report that all was written.
      look();
    });
  }
}
