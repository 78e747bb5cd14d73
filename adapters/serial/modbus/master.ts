import type { DeviceSink } from "../../../src/core/adapter.js";
import type { Command } from "../../../src/core/command.js";
import type { DeviceId } from "../../../src/core/device.js";
import { GatewayError } from "../../../src/core/errors.js";
import type { Log } from "../../../src/core/log.js";
import { RateGate } from "../../../src/core/rate-gate.js";
import { type Order, Orders, offline } from "../orders.js";
import type { OpenPort, Protocol } from "../protocol.js";
import { exceptionOf } from "./exceptions.js";
import type { Question } from "./frames.js";
import { Lateness } from "./lateness.js";
import { Line, type Outcome } from "./line.js";
import { retries, UnitPoll } from "./unit-poll.js";
import type { ModbusWiring } from "./wiring.js";

/** What a command asks of a unit. */
interface Asking {
  readonly device: DeviceId;
  readonly question: Question;
  readonly timeout: number;
  triesLeft: number;
}

/**
 * The master of one bus: one question at a time, commands before polls, and of the polls the one that waits longest, so that a
 * silent unit delays the others by one timeout and no more.
 *
 *     due poll or command > Line (quiet, write, answer or timeout) > UnitPoll (report, availability) or the command's end
 */
export class Master implements Protocol<ModbusWiring> {
  readonly #sink: DeviceSink;
  readonly #log: Log;
  readonly #gate = new RateGate();
  readonly #pause: number;
  #wirings: ReadonlyMap<DeviceId, ModbusWiring> = new Map();
  #polls = new Map<DeviceId, UnitPoll>();
  readonly #orders = new Orders<Asking>();
  #lateness = new Lateness();
  #line: Line | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  /** `pause` in milliseconds, between two frames. */
  constructor(sink: DeviceSink, log: Log, pause: number) {
    this.#sink = sink;
    this.#log = log;
    this.#pause = pause;
  }

  /** The port is there. Every device is read anew. */
  open(port: OpenPort): void {
    this.#line = new Line(port, this.#pause);
    this.#lateness = new Lateness();
    this.#polls = new Map(
      [...this.#wirings].map(([device, wiring]) => [device, this.#pollOf(device, wiring)]),
    );
    this.#work();
  }

  hear(bytes: Uint8Array): void {
    this.#line?.hear(bytes);
  }

  /** The port is gone. What waits is refused. */
  close(): void {
    clearTimeout(this.#timer);
    this.#line?.close();
    this.#line = undefined;
    this.#polls.clear();
    this.#orders.refuse();
  }

  /** A device whose wiring is the same object goes on undisturbed. */
  carry(wirings: ReadonlyMap<DeviceId, ModbusWiring>): void {
    this.#wirings = wirings;
    if (this.#line === undefined) return;
    const before = this.#polls;
    this.#polls = new Map(
      [...wirings].map(([device, wiring]) => {
        const known = before.get(device);
        return [device, known?.wiring === wiring ? known : this.#pollOf(device, wiring)];
      }),
    );
    this.#work();
  }

  async send({ device, channel, value, risk }: Command, signal: AbortSignal): Promise<void> {
    const wiring = this.#wirings.get(device);
    const wish = wiring?.wishes.get(channel);
    if (wiring === undefined || wish === undefined)
      throw new GatewayError("adapter-failed", `${device} has no register to write for ${channel}.`);
    const question = wish.ask(value);
    if (this.#line === undefined) throw offline();
    const triesLeft = wish.isRepeatable && risk !== "hazard" ? 1 + retries : 1;
    const sent = this.#orders.take({ device, question, timeout: wiring.timeout, triesLeft }, signal);
    this.#work();
    await sent;
  }

  #pollOf(device: DeviceId, wiring: ModbusWiring): UnitPoll {
    const complain = (channel: string | undefined, sentence: string) => {
      const { allowed, suppressed } = this.#gate.allow(`${device}/${channel ?? ""}`);
      if (allowed) this.#log.warn({ device, channel, suppressed }, `${device}: ${sentence}`);
    };
    return new UnitPoll({ device, wiring, sink: this.#sink, complain }, performance.now());
  }

  #work(): void {
    if (this.#isAsking) return;
    clearTimeout(this.#timer);
    const line = this.#line;
    if (line === undefined) return;
    const order = this.#orders.next();
    const next = order === undefined ? this.#nextPoll() : undefined;
    if (order !== undefined) this.#ask(this.#obey(line, order));
    else if (next !== undefined) {
      const wait = next.at - performance.now();
      if (wait > 0) this.#timer = setTimeout(() => this.#work(), Math.ceil(wait));
      else this.#ask(this.#read(line, next.poll, next.question));
    }
  }

  #ask(asking: Promise<void>): void {
    this.#isAsking = true;
    void asking.finally(() => {
      this.#isAsking = false;
      this.#work();
    });
  }

  #nextPoll(): { readonly poll: UnitPoll; readonly question: Question; readonly at: number } | undefined {
    let next: { readonly poll: UnitPoll; readonly question: Question; readonly at: number } | undefined;
    for (const poll of this.#polls.values()) {
      const { question } = poll;
      if (question === undefined) continue;
      const at = Math.max(poll.due, this.#lateness.mayAskAt(question));
      if (next === undefined || at < next.at) next = { poll, question, at };
    }
    return next;
  }

  async #read(line: Line, poll: UnitPoll, question: Question): Promise<void> {
    const outcome = await this.#asked(line, question, poll.wiring.timeout);
    // Meanwhile the device may be another, or its port.
    if ([...this.#polls.values()].includes(poll)) poll.take(outcome, performance.now());
  }

  async #obey(line: Line, order: Asking & Order): Promise<void> {
    const { device, question, timeout, signal } = order;
    order.triesLeft -= 1;
    let outcome: Outcome;
    try {
      outcome = await this.#asked(line, question, timeout, signal);
    } catch {
      return order.giveUp();
    }
    const isMissed = "failure" in outcome && outcome.failure !== "closed";
    if (isMissed && order.triesLeft > 0 && !signal.aborted) {
      this.#orders.again(order);
      return;
    }
    order.settle(faultOf(outcome, question.unit));
    this.#polls.get(device)?.hurry(performance.now());
  }

  async #asked(line: Line, question: Question, timeout: number, signal?: AbortSignal): Promise<Outcome> {
    const sentAt = performance.now();
    const outcome = await line.ask(question, timeout, signal);
    if (!("failure" in outcome)) {
      if (!this.#lateness.answered(question, performance.now())) return { failure: "late" };
    } else if (outcome.failure !== "closed") this.#lateness.missed(question, sentAt, timeout);
    return outcome;
  }
}

function faultOf(outcome: Outcome, unit: number): GatewayError | undefined {
  if ("data" in outcome) return undefined;
  const why =
    "exception" in outcome
      ? `${exceptionOf(outcome.exception).means}.`
      : "did not answer; it may have happened.";
  return new GatewayError("adapter-failed", `Unit ${unit} ${why}`);
}
