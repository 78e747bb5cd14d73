import type { DeviceSink } from "../../../src/core/adapter.js";
import { type Backoff, retryDelay } from "../../../src/core/backoff.js";
import type { ChannelId, DeviceId } from "../../../src/core/device.js";
import { messageOf } from "../../../src/core/errors.js";
import { type Block, bytesAt, type Place } from "./blocks.js";
import { exceptionOf } from "./exceptions.js";
import { type Question, readQuestion } from "./frames.js";
import type { Outcome } from "./line.js";
import type { ModbusWiring } from "./wiring.js";

/** How often a question is asked again. */
export const retries = 2;

/** Rounds without an answer that make a device offline. */
const mostMissed = 3;

/** A device that missed a round is soon asked again, so that one that is gone is soon known to be. */
const afterMiss = 10_000;

/** One that is gone takes a whole timeout of the bus each time. */
const whileGone: Backoff = { first: 10_000, longest: 60_000 };

/** After a write the device is read at once, and once more when even a slow one has acted. */
const secondLook = 1000;

/** A register that the unit does not have may be there after a change of its settings. */
const untilRefusedAgain = 600_000;

const failures = { silent: "does not answer", garbled: "answers with what fails the check" };

export interface UnitPollParts {
  readonly device: DeviceId;
  readonly wiring: ModbusWiring;
  readonly sink: DeviceSink;
  /** Hears what was refused; it is bounded there. */
  readonly complain: (channel: ChannelId | undefined, sentence: string) => void;
}

/** Reads one device, round by round: all of its blocks, then one report. Times are milliseconds of a monotonic clock. */
export class UnitPoll {
  readonly #parts: UnitPollParts;
  #blocks: readonly Block[];
  /** The block that is read next; after a miss the same again. */
  #at = 0;
  #tries = 0;
  #missed = 0;
  #lookAgainAt = Number.NEGATIVE_INFINITY;
  #readings: Record<ChannelId, unknown> = {};
  /** Channels whose registers are not there: since when, and in what words. */
  readonly #refused = new Map<ChannelId, { readonly since: number; readonly sentence: string }>();
  /** When its next question may be asked. */
  due: number;

  constructor(parts: UnitPollParts, now: number) {
    this.#parts = parts;
    this.#blocks = parts.wiring.blocks;
    this.due = now;
  }

  get wiring(): ModbusWiring {
    return this.#parts.wiring;
  }

  /** What is asked next; `undefined` for a device that is only written. */
  get question(): Question | undefined {
    const block = this.#blocks[this.#at];
    return block && readQuestion(this.wiring.unit, block.table, block.first, block.count);
  }

  /** Something was written: what was read before of this round is no longer true. */
  hurry(now: number): void {
    this.#readings = {};
    if (this.#missed === 0) this.#at = 0;
    this.due = now;
    this.#lookAgainAt = now + secondLook;
  }

  take(outcome: Outcome, now: number): void {
    if ("data" in outcome) {
      this.#read(outcome.data);
      this.#next(now);
      return;
    }
    if ("failure" in outcome) {
      if (outcome.failure !== "closed") this.#miss(failures[outcome.failure], now);
      return;
    }
    const { kind, means } = exceptionOf(outcome.exception);
    if (kind === "silence") this.#miss(means, now);
    else if (kind === "address") this.#refuse(means, now);
    else {
      this.#parts.complain(undefined, `it ${means}`);
      this.#next(now);
    }
  }

  #read(data: Buffer): void {
    const block = this.#blocks[this.#at];
    for (const place of block?.places ?? []) {
      this.#refused.delete(place.channel);
      try {
        const value = block && place.read(bytesAt(block, place, data));
        if (value !== undefined) this.#readings[place.channel] = value;
      } catch (error) {
        this.#parts.complain(place.channel, `refused a value: ${messageOf(error)}`);
      }
    }
  }

  /** Of several, the one that is not there spoils the others: from now on each is read by itself. */
  #refuse(means: string, now: number): void {
    const block = this.#blocks[this.#at];
    if (block !== undefined && block.places.length > 1) {
      const alone = block.places.map((place) => alonePlace(place));
      this.#blocks = [...this.#blocks.slice(0, this.#at), ...alone, ...this.#blocks.slice(this.#at + 1)];
      this.#tries = 0;
      this.due = now;
      return;
    }
    for (const { channel, table, register } of block?.places ?? []) {
      const sentence = `${channel}: ${table} register ${register}: unit ${this.wiring.unit} ${means}`;
      this.#refused.set(channel, { since: now, sentence });
      this.#parts.complain(channel, sentence);
    }
    this.#next(now);
  }

  #next(now: number): void {
    this.#tries = 0;
    this.due = now;
    do this.#at += 1;
    while (this.#isSkipped(this.#blocks[this.#at], now));
    if (this.#at < this.#blocks.length) return;
    this.#at = 0;
    while (this.#isSkipped(this.#blocks[this.#at], now) && this.#at < this.#blocks.length - 1) this.#at += 1;
    this.#missed = 0;
    this.#finish();
    const next = now + this.wiring.every;
    this.due = this.#lookAgainAt > now ? Math.min(next, this.#lookAgainAt) : next;
  }

  #isSkipped(block: Block | undefined, now: number): boolean {
    return (
      block?.places.every(({ channel }) => {
        const refused = this.#refused.get(channel);
        return refused !== undefined && now - refused.since < untilRefusedAgain;
      }) ?? false
    );
  }

  #miss(means: string, now: number): void {
    this.#tries += 1;
    this.due = now;
    // The first miss may be a disturbance; after that a retry only takes the bus from others.
    if (this.#tries <= retries && this.#missed < mostMissed) return;
    this.#tries = 0;
    this.#missed += 1;
    const { every, unit } = this.wiring;
    if (this.#missed < mostMissed) {
      this.#report();
      this.due = now + Math.min(every, afterMiss);
      return;
    }
    this.due = now + retryDelay(this.#missed - mostMissed, whileGone);
    this.#readings = {};
    const { device, sink } = this.#parts;
    const text = `Unit ${unit} ${means}.`;
    sink.availability(device, "offline", { detail: "communication-error", text });
  }

  #finish(): void {
    const { device, sink } = this.#parts;
    const sentences = [...this.#refused.values()].map(({ sentence }) => sentence);
    if (sentences.length > 0) {
      const isUseless = this.#refused.size >= this.#blocks.flatMap(({ places }) => places).length;
      const why = { detail: "configuration-error", text: `${sentences.join("; ")}.` } as const;
      sink.availability(device, isUseless ? "offline" : "online", why);
    } else {
      sink.availability(device, "online");
    }
    this.#report();
  }

  #report(): void {
    const readings = this.#readings;
    this.#readings = {};
    if (Object.keys(readings).length > 0) this.#parts.sink.report(this.#parts.device, readings);
  }
}

function alonePlace(place: Place): Block {
  return { table: place.table, first: place.register, count: place.count, places: [place] };
}
