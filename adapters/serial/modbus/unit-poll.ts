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
  /** The blocks of this round that are not read yet. */
  #round: Block[] = [];
  /** Of the question that is asked now. */
  #tries = 0;
  /** In this round a question went without an answer, or with one. */
  #hasMiss = false;
  #isHeard = false;
  #lastFault = "";
  /** Rounds in a row in which nothing was heard. */
  #missed = 0;
  /** Rounds in which a block alone had no answer, since it had one. */
  readonly #silences = new Map<Block, number>();
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
    this.#begin(now);
  }

  get wiring(): ModbusWiring {
    return this.#parts.wiring;
  }

  /** What is asked next; `undefined` for a device that is only written. */
  get question(): Question | undefined {
    const [block] = this.#round;
    return block && readQuestion(this.wiring.unit, block.table, block.first, block.count);
  }

  /** Something was written: what was read before of this round is no longer true. */
  hurry(now: number): void {
    if (this.#blocks.length === 0) return;
    this.#begin(now);
    this.due = now;
    this.#lookAgainAt = now + secondLook;
  }

  take(outcome: Outcome, now: number): void {
    if ("data" in outcome) {
      this.#read(outcome.data);
      this.#answered(now);
      return;
    }
    if ("failure" in outcome) {
      if (outcome.failure === "late") this.due = now;
      else if (outcome.failure !== "closed") this.#miss(failures[outcome.failure], now);
      return;
    }
    const { kind, means } = exceptionOf(outcome.exception);
    if (kind === "silence") this.#miss(means, now);
    else if (kind === "address") this.#refuse(means, now);
    else {
      this.#parts.complain(undefined, `it ${means}`);
      this.#answered(now);
    }
  }

  #read(data: Buffer): void {
    const [block] = this.#round;
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
    const [block] = this.#round;
    if (block !== undefined && block.places.length > 1) {
      const alone = block.places.map(alonePlace);
      this.#blocks = this.#blocks.flatMap((each) => (each === block ? alone : each));
      this.#round.splice(0, 1, ...alone);
      this.#tries = 0;
      this.due = now;
      return;
    }
    this.#giveUp(means, now);
    this.#answered(now);
  }

  /** The registers of this block are not there, and are left alone for a while. */
  #giveUp(means: string, now: number): void {
    for (const { channel, table, register } of this.#round[0]?.places ?? []) {
      const sentence = `${channel}: ${table} register ${register}: unit ${this.wiring.unit} ${means}`;
      this.#refused.set(channel, { since: now, sentence });
      this.#parts.complain(channel, sentence);
    }
  }

  #answered(now: number): void {
    const [block] = this.#round;
    if (block !== undefined) this.#silences.delete(block);
    this.#isHeard = true;
    this.#next(now);
  }

  #next(now: number): void {
    this.#tries = 0;
    this.#round.shift();
    this.due = now;
    if (this.#round.length > 0) return;
    if (this.#isHeard) this.#finish(now);
    else this.#missRound(now);
  }

  #miss(means: string, now: number): void {
    this.#tries += 1;
    this.#lastFault = means;
    this.due = now;
    // The first miss may be a disturbance; after that a retry only takes the bus from others.
    if (this.#tries <= retries && this.#missed < mostMissed && !this.#hasMiss) return;
    this.#hasMiss = true;
    const [block] = this.#round;
    if (!this.#isHeard || block === undefined) {
      this.#missRound(now);
      return;
    }
    // It is there, but has nothing to say of these: some do not refuse what they do not have, they are silent.
    const silences = (this.#silences.get(block) ?? 0) + 1;
    this.#silences.set(block, silences);
    if (silences >= mostMissed) this.#giveUp(`${means} for it`, now);
    this.#next(now);
  }

  /** Nothing was heard. Next time another block is asked first: it may be that only this one has no answer. */
  #missRound(now: number): void {
    const [first, ...rest] = this.#blocks;
    if (first !== undefined) this.#blocks = [...rest, first];
    this.#missed += 1;
    this.#begin(now);
    const { every, unit } = this.wiring;
    if (this.#missed < mostMissed) {
      this.due = now + Math.min(every, afterMiss);
      return;
    }
    this.due = now + retryDelay(this.#missed - mostMissed, whileGone);
    const { device, sink } = this.#parts;
    const text = `Unit ${unit} ${this.#lastFault}.`;
    sink.availability(device, "offline", { detail: "communication-error", text });
  }

  #begin(now: number): void {
    const wanted = this.#blocks.filter(
      ({ places }) => !places.every(({ channel }) => this.#isGivenUp(channel, now)),
    );
    this.#round = wanted.length > 0 ? wanted : this.#blocks.slice(0, 1);
    this.#tries = 0;
    this.#hasMiss = false;
    this.#isHeard = false;
    this.#readings = {};
  }

  #isGivenUp(channel: ChannelId, now: number): boolean {
    const refused = this.#refused.get(channel);
    return refused !== undefined && now - refused.since < untilRefusedAgain;
  }

  #finish(now: number): void {
    const { device, sink } = this.#parts;
    const readings = this.#readings;
    const sentences = [...this.#refused.values()].map(({ sentence }) => sentence);
    if (sentences.length > 0) {
      const isUseless = this.#refused.size >= this.#blocks.flatMap(({ places }) => places).length;
      const why = { detail: "configuration-error", text: `${sentences.join("; ")}.` } as const;
      sink.availability(device, isUseless ? "offline" : "online", why);
    } else {
      sink.availability(device, "online");
    }
    if (Object.keys(readings).length > 0) sink.report(device, readings);
    this.#missed = 0;
    this.#begin(now);
    const next = now + this.wiring.every;
    this.due = this.#lookAgainAt > now ? Math.min(next, this.#lookAgainAt) : next;
  }
}

function alonePlace(place: Place): Block {
  return { table: place.table, first: place.register, count: place.count, places: [place] };
}
