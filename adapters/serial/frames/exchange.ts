import type { DeviceSink } from "../../../src/core/adapter.js";
import type { Command } from "../../../src/core/command.js";
import type { ChannelId, DeviceId } from "../../../src/core/device.js";
import { GatewayError, messageOf } from "../../../src/core/errors.js";
import { type Order, Orders, offline } from "../orders.js";
import type { OpenPort, Protocol } from "../protocol.js";
import { Register } from "./attendance.js";
import type { Listening } from "./listening.js";
import { Round } from "./round.js";
import type { FrameWiring, Poll } from "./wiring.js";

/** Rounds of equal questions do not begin together. */
const spread = 500;

/** What a command says on the line. */
interface Saying {
  readonly device: DeviceId;
  readonly bytes: Uint8Array;
}

/** A question that waits for its answers. */
interface Awaited {
  readonly round: Round;
  readonly pending: Set<DeviceId>;
  /** All have answered. */
  done(): void;
}

/**
 * Devices that send messages, and may be asked and told things. One thing is on the line at a time: commands first, then the
 * question that is due longest.
 *
 *     bytes > Listening (frames, checks, channels) > report, event
 *     command > write        due question > write > its answers, or its timeout
 */
export class Exchange implements Protocol<FrameWiring> {
  readonly #listening: Listening;
  readonly #register: Register;
  #wirings: ReadonlyMap<DeviceId, FrameWiring> = new Map();
  #rounds = new Map<string, Round>();
  readonly #orders = new Orders<Saying>();
  #port: OpenPort | undefined;
  #closed = new AbortController();
  #awaited: Awaited | undefined;
  /** Until when an answer to this question may still come, which a question with bare answers could take for its own. */
  #late: { readonly round: Round; readonly until: number } | undefined;
  #isBusy = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(listening: Listening, sink: DeviceSink) {
    this.#listening = listening;
    this.#register = new Register(sink);
    listening.onHeard = (device, channels) => this.#onHeard(device, channels);
    listening.isAwaited = (key) => this.#awaited?.round.poll.key === key;
  }

  carry(wirings: ReadonlyMap<DeviceId, FrameWiring>): void {
    const before = this.#wirings;
    this.#wirings = wirings;
    this.#listening.follow(wirings);
    if (this.#port === undefined) return;
    for (const device of before.keys()) if (!wirings.has(device)) this.#register.forget(device);
    for (const [device, wiring] of wirings) {
      if (before.get(device) !== wiring) this.#register.admit(device, wiring.every);
    }
    this.#rounds = this.#planned(this.#rounds);
    this.#work();
  }

  open(port: OpenPort): void {
    this.#port = port;
    this.#closed = new AbortController();
    this.#listening.open();
    for (const [device, { every }] of this.#wirings) this.#register.admit(device, every);
    this.#rounds = this.#planned(new Map());
    this.#work();
  }

  hear(bytes: Uint8Array): void {
    this.#listening.hear(bytes);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#port = undefined;
    this.#late = undefined;
    this.#rounds.clear();
    this.#register.clear();
    this.#listening.close();
    this.#closed.abort();
    this.#orders.refuse();
  }

  async send({ device, channel, value }: Command, signal: AbortSignal): Promise<void> {
    const voice = this.#wirings.get(device)?.voices.get(channel);
    if (voice === undefined) {
      throw new GatewayError("adapter-failed", `${device} has nothing to \`send\` for ${channel}.`);
    }
    if (this.#port === undefined) throw offline();
    const sent = this.#orders.take({ device, bytes: voice(value) }, signal);
    this.#work();
    await sent;
  }

  /** The rounds of all questions; those that go on keep their time. */
  #planned(before: ReadonlyMap<string, Round>): Map<string, Round> {
    const audiences = new Map<Poll, Map<DeviceId, Set<ChannelId>>>();
    const polls = new Map<string, Poll>();
    const bare = new Set<Poll>();
    for (const [device, wiring] of this.#wirings) {
      for (const own of wiring.polls) {
        const poll = polls.get(own.key) ?? own;
        polls.set(poll.key, poll);
        const ears = wiring.ears.filter((ear) => ear.poll === poll.key);
        if (ears.some(({ isBare }) => isBare)) bare.add(poll);
        const audience = audiences.get(poll) ?? new Map<DeviceId, Set<ChannelId>>();
        audiences.set(poll, audience.set(device, new Set(ears.map(({ channel }) => channel))));
      }
    }
    const now = performance.now();
    return new Map(
      [...audiences].map(([poll, audience], index) => {
        const jitter = index === 0 ? 0 : Math.random() * spread;
        const round = before.get(poll.key) ?? new Round(poll, now + jitter);
        round.audience = audience;
        round.isBare = bare.has(poll);
        return [poll.key, round];
      }),
    );
  }

  #work(): void {
    if (this.#isBusy || this.#port === undefined) return;
    clearTimeout(this.#timer);
    const port = this.#port;
    const order = this.#orders.next();
    if (order !== undefined) this.#occupy(this.#obey(port, order));
    else this.#askNext(port);
  }

  #askNext(port: OpenPort): void {
    let next: { readonly round: Round; readonly at: number } | undefined;
    for (const round of this.#rounds.values()) {
      const held = round.isBare && this.#late?.round !== round ? this.#late : undefined;
      const at = Math.max(round.due, held?.until ?? 0);
      if (next === undefined || at < next.at) next = { round, at };
    }
    if (next === undefined) return;
    const wait = next.at - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#work(), Math.ceil(wait));
    else this.#occupy(this.#ask(port, next.round));
  }

  #occupy(task: Promise<void>): void {
    this.#isBusy = true;
    void task.finally(() => {
      this.#isBusy = false;
      this.#work();
    });
  }

  async #obey(port: OpenPort, { device, bytes, signal, settle }: Saying & Order): Promise<void> {
    try {
      await port.write(bytes, signal);
      settle(undefined);
    } catch (error) {
      settle(
        error instanceof GatewayError ? error : new GatewayError("adapter-failed", `${messageOf(error)}.`),
      );
    }
    for (const round of this.#rounds.values()) {
      if (round.audience.has(device)) round.hurry(performance.now());
    }
  }

  async #ask(port: OpenPort, round: Round): Promise<void> {
    const { poll, audience } = round;
    const closed = this.#closed.signal;
    const sentAt = performance.now();
    const pending = new Set(audience.keys());
    await new Promise<void>((resolve) => {
      let late: NodeJS.Timeout | undefined;
      const done = () => {
        this.#awaited = undefined;
        clearTimeout(late);
        closed.removeEventListener("abort", done);
        resolve();
      };
      closed.addEventListener("abort", done);
      const awaited = { round, pending, done };
      this.#awaited = awaited;
      port.write(poll.bytes, closed).then(() => {
        // The answer may be here before the driver says that the question is out.
        if (this.#awaited === awaited) late = setTimeout(done, poll.timeout);
      }, done);
    });
    if (closed.aborted || this.#rounds.get(poll.key) !== round) return;
    const wasAnswered = pending.size < audience.size;
    // What answers a repeated question may be the answer to the first; then one more is to come.
    if (pending.size > 0) this.#late = { round, until: sentAt + 3 * poll.timeout };
    const areAllGone = () => [...audience.keys()].every((device) => this.#register.isGone(device));
    if (!wasAnswered && round.retries(areAllGone())) return;
    for (const device of pending) this.#register.onMissed(device);
    round.end(wasAnswered, areAllGone(), performance.now());
  }

  #onHeard(device: DeviceId, channels: readonly ChannelId[]): void {
    this.#register.onHeard(device);
    const awaited = this.#awaited;
    const expected = awaited?.round.audience.get(device);
    if (awaited === undefined || expected === undefined) return;
    if (!channels.some((channel) => expected.has(channel))) return;
    awaited.pending.delete(device);
    if (awaited.pending.size === 0) awaited.done();
  }
}
