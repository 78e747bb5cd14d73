import { type Backoff, retryDelay } from "../../../src/core/backoff.js";
import type { ChannelId, DeviceId } from "../../../src/core/device.js";
import type { Poll } from "./wiring.js";

/** One that nobody answers takes a whole timeout of the line each time. */
const whileGone: Backoff = { first: 10_000, longest: 60_000 };

/** Milliseconds after a command at which its effect is looked for, before the next round is due. */
const looks = [100, 1000, 3000];

/** One question, whoever it is for: when it is due, and how it went. Times are milliseconds of a monotonic clock. */
export class Round {
  readonly poll: Poll;
  /** Which channels the answers are for. */
  audience: ReadonlyMap<DeviceId, ReadonlySet<ChannelId>> = new Map();
  /** Whether any of them takes whatever comes for the answer. */
  isBare = false;
  due: number;
  #tries = 0;
  #missed = 0;
  #regular: number;
  #looks: readonly number[] = [];

  constructor(poll: Poll, due: number) {
    this.poll = poll;
    this.due = due;
    this.#regular = due;
  }

  /** Something was told: what the question asks for may be other now. */
  hurry(now: number): void {
    this.#looks = looks.map((after) => now + after);
    this.due = Math.min(this.due, this.#looks[0] ?? this.due);
  }

  /** Whether it is to be asked again at once, for nothing came. */
  retries(areAllGone: boolean): boolean {
    this.#tries += 1;
    return this.#tries <= this.poll.retries && !areAllGone;
  }

  /** This round is over; says when the next is due. */
  end(wasAnswered: boolean, areAllGone: boolean, now: number): void {
    this.#tries = 0;
    this.#missed = wasAnswered ? 0 : this.#missed + 1;
    const { every } = this.poll;
    if (now >= this.#regular) this.#regular += every * Math.ceil((now - this.#regular + 1) / every);
    this.#looks = this.#looks.filter((at) => at > now);
    const pause = areAllGone ? Math.max(every, retryDelay(this.#missed, whileGone)) : 0;
    this.due = Math.max(Math.min(this.#regular, this.#looks[0] ?? this.#regular), now + pause);
  }
}
