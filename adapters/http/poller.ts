import type { DeviceSink } from "../../src/core/adapter.js";
import type { ChannelId, DeviceId } from "../../src/core/device.js";
import type { Log } from "../../src/core/log.js";
import { RateGate } from "../../src/core/rate-gate.js";
import type { Ear } from "../payload/ear.js";
import { Payload } from "../payload/payload.js";
import type { Refusals } from "../payload/refusals.js";
import type { HttpClient } from "./client/client.js";
import { type HttpFailure, shown } from "./client/failure.js";
import type { HttpAnswer } from "./client/request.js";
import type { Intake, Readings } from "./intake.js";
import { lossOf } from "./loss.js";
import type { PlannedPoll } from "./plan.js";
import { Poll } from "./poll.js";
import { isLost } from "./poll-delay.js";
import type { Presence } from "./presence.js";
import { Search } from "./search.js";

interface Running {
  readonly poll: Poll;
  planned: PlannedPoll;
  /** What each device found in the last answer: "nothing changed" means just that. */
  readonly said: Map<DeviceId, Readings>;
  readonly search: Search;
  /** Why it fails, as the log has it; `undefined` while it answers. */
  failing: string | undefined;
}

/** Everything that is asked at intervals, and what becomes of the answers. */
export class Poller {
  readonly #client: HttpClient;
  readonly #sink: DeviceSink;
  readonly #intake: Intake;
  readonly #presence: Presence;
  readonly #refusals: Refusals;
  readonly #log: Log;
  readonly #gate = new RateGate();
  readonly #running = new Map<string, Running>();

  constructor(parts: {
    readonly client: HttpClient;
    readonly sink: DeviceSink;
    readonly intake: Intake;
    readonly presence: Presence;
    readonly refusals: Refusals;
    readonly log: Log;
  }) {
    this.#client = parts.client;
    this.#sink = parts.sink;
    this.#intake = parts.intake;
    this.#presence = parts.presence;
    this.#refusals = parts.refusals;
    this.#log = parts.log;
  }

  /** From now on exactly this is asked. What was asked before, for the same ears, goes on undisturbed. */
  follow(plan: ReadonlyMap<string, PlannedPoll>): void {
    for (const [key, { poll }] of this.#running) {
      if (plan.has(key)) continue;
      poll.stop();
      this.#running.delete(key);
    }
    for (const [key, planned] of plan) {
      const running = this.#running.get(key);
      if (running === undefined) this.#open(key, planned);
      else this.#change(running, planned);
    }
  }

  stop(): void {
    for (const { poll } of this.#running.values()) poll.stop();
    this.#running.clear();
  }

  /** Asks all soon that this device reads. */
  refresh(device: DeviceId): void {
    for (const { poll, planned } of this.#running.values()) {
      if (planned.audience.has(device)) poll.hurry();
    }
  }

  /** Asks anew what this channel reads; resolves with what it found, `undefined` where that is nothing. */
  async readAgain(device: DeviceId, channel: ChannelId): Promise<unknown> {
    for (const running of this.#running.values()) {
      const isRead = running.planned.audience.get(device)?.some((ear) => ear.channel === channel) === true;
      if (!isRead) continue;
      const before = running.said.get(device);
      await running.poll.readAgain();
      const readings = running.said.get(device);
      return readings === before ? undefined : readings?.[channel];
    }
    return undefined;
  }

  #open(key: string, planned: PlannedPoll): void {
    const poll = new Poll(this.#client, planned, {
      onAnswer: (answer) => this.#onAnswer(key, running, answer),
      onFailure: (failure, failures) => this.#onFailure(key, running, failure, failures),
    });
    const running: Running = { poll, planned, said: new Map(), search: new Search(), failing: undefined };
    this.#running.set(key, running);
    poll.start();
  }

  #change(running: Running, planned: PlannedPoll): void {
    const { poll, planned: before } = running;
    running.planned = planned;
    for (const device of running.said.keys()) if (!planned.audience.has(device)) running.said.delete(device);
    running.search.keep(planned.audience);
    const isKnown = [...planned.audience].every(([device, ears]) =>
      isWithin(ears, before.audience.get(device)),
    );
    if (isKnown && planned.request.limit <= before.request.limit) poll.pace(planned.every);
    else poll.follow(planned);
  }

  #onAnswer(key: string, running: Running, { body, isUnchanged }: HttpAnswer): void {
    const { planned, said } = running;
    const payload = new Payload(body);
    const place = shown(planned.request.url);
    if (running.failing !== undefined && this.#gate.allow(`${key} answers`).allowed) {
      this.#log.info({ url: place }, `${place} answers again`);
    }
    running.failing = undefined;
    for (const [device, ears] of planned.audience) {
      if (isUnchanged) {
        const readings = said.get(device) ?? {};
        if (Object.keys(readings).length > 0) this.#sink.report(device, readings);
      } else {
        const readings = this.#intake.takePolled(device, ears, payload, place);
        said.set(device, readings);
        const sentence = running.search.note(device, ears, readings);
        if (sentence !== undefined) {
          const cure = `${sentence} of ${place}; compare them with its address`;
          this.#refusals.complain({ device, url: place }, cure);
        }
      }
      this.#presence.onAnswer(device, key);
    }
  }

  #onFailure(key: string, running: Running, failure: HttpFailure, failures: number): void {
    const { planned } = running;
    this.#tell(key, running, failure);
    if (!isLost(failure, failures)) return;
    const loss = lossOf(failure);
    for (const device of planned.audience.keys()) this.#presence.onLoss(device, key, loss);
  }

  /** The same reason again is no news. */
  #tell(key: string, running: Running, { kind, message }: HttpFailure): void {
    if (running.failing === message) return;
    running.failing = message;
    const { allowed, suppressed } = this.#gate.allow(key);
    if (allowed) this.#log.warn({ url: shown(running.planned.request.url), kind, suppressed }, message);
  }
}

function isWithin(ears: readonly Ear[], known: readonly Ear[] | undefined): boolean {
  return known !== undefined && ears.every((ear) => known.includes(ear));
}
