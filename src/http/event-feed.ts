import type { Principal } from "../core/command.js";
import type { DeviceId } from "../core/device.js";
import type { Gateway } from "../core/gateway.js";
import { EventStream, type StreamStart } from "./event-stream.js";
import {
  availabilityFrame,
  changeFrame,
  eventFrame,
  frameText,
  mayHear,
  receiptFrame,
  stateFrame,
} from "./frames.js";
import { HttpProblem } from "./problems.js";
import { type Frame, Replay } from "./replay.js";

const kept = { frames: 4_096, size: 1_048_576 };
const streamsOfOne = 8;
const streamsOfAll = 64;
const tickEvery = 5_000;
/** In ticks: a comment after 15 s of silence; a minute for a reader who takes nothing. */
const ticks = { heartbeat: 3, patience: 12 };

/** Turns what the gateway tells into frames, keeps the newest, and feeds every open stream. */
export class EventFeed {
  readonly #gateway: Gateway;
  readonly #replay: Replay;
  readonly #streams = new Map<EventStream, Principal>();
  /** When each device's availability was told last, by `seq`. */
  readonly #availableAt = new Map<DeviceId, number>();
  readonly #unsubscribe: readonly (() => void)[];
  readonly #ticker: NodeJS.Timeout;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    this.#replay = new Replay(gateway.seq, kept);
    this.#unsubscribe = [
      gateway.on("state", ({ device, states }) => {
        for (const [channel, state] of states) this.#tell(stateFrame(device.id, channel, state));
      }),
      gateway.on("availability", ({ device, availability }, seq) => {
        this.#availableAt.set(device.id, seq);
        this.#tell(availabilityFrame(device.id, availability, seq));
      }),
      gateway.on("event", (event, seq) => this.#tell(eventFrame(event, seq))),
      gateway.on("receipt", (receipt, seq) => this.#tell(receiptFrame(receipt, seq))),
      gateway.on("device", ({ device: { id }, change }, seq) => {
        if (change === "changed") return;
        if (change === "added") this.#availableAt.set(id, seq);
        else this.#availableAt.delete(id);
        this.#tell(changeFrame(id, change, seq));
      }),
    ];
    this.#ticker = setInterval(() => this.#onTick(), tickEvery).unref();
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /**
   * Opens a stream for a reader. `isOpen` is asked before each writing; the stream ends when it says no. Throws an
   * `HttpProblem` when there are too many.
   */
  open(principal: Principal, lastEventId: string | undefined, isOpen: () => boolean): EventStream {
    const own = [...this.#streams.values()].filter((other) => other === principal).length;
    if (own >= streamsOfOne || this.#streams.size >= streamsOfAll) {
      throw new HttpProblem(
        "too-many-streams",
        `A token may have ${streamsOfOne} event streams open, all together ${streamsOfAll}. Close one first.`,
      );
    }
    const gateway = this.#gateway;
    const stream = new EventStream(
      {
        isOpen,
        reachesBackTo: (seq) => this.#replay.reachesBackTo(seq),
        after: (seq) => this.#replay.after(seq),
        snapshot: () => ({ frames: this.#snapshot(principal), seq: gateway.seq }),
        text: (frame) => (mayHear(gateway, principal, frame) ? frameText(frame, gateway.epoch) : ""),
        id: (seq) => `${gateway.epoch}-${seq}`,
      },
      this.#startAfter(lastEventId),
    );
    this.#streams.set(stream, principal);
    stream.once("close", () => this.#streams.delete(stream));
    return stream;
  }

  /** Tells what is left to tell and ends every stream. */
  stop(): void {
    clearInterval(this.#ticker);
    clearImmediate(this.#scheduled);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const stream of this.#streams.keys()) {
      stream.pump();
      stream.end();
    }
  }

  #tell(frame: Frame): void {
    this.#replay.push(frame);
    if (this.#streams.size === 0) return;
    // One writing for all that happens in this turn.
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      for (const stream of this.#streams.keys()) stream.pump();
    });
  }

  #onTick(): void {
    for (const stream of this.#streams.keys()) {
      if (!stream.tick(ticks)) stream.destroy();
    }
  }

  #startAfter(lastEventId: string | undefined): StreamStart {
    const { epoch, seq: newest } = this.#gateway;
    if (lastEventId === undefined || lastEventId === "") return { after: newest };
    const [, ofEpoch, ofSeq] = /^(\d{1,15})-(\d{1,15})$/.exec(lastEventId) ?? [];
    const seq = Number(ofSeq);
    if (ofEpoch !== undefined && Number(ofEpoch) !== epoch) return { snapshot: "other-epoch" };
    if (ofEpoch === undefined || seq > newest) return { snapshot: "unknown" };
    return this.#replay.reachesBackTo(seq) ? { after: seq } : { snapshot: "too-old" };
  }

  #snapshot(principal: Principal): readonly Frame[] {
    const frames = this.#gateway.devices(principal).flatMap(({ device, availability, state }) => [
      availabilityFrame(device.id, availability, this.#availableAt.get(device.id) ?? 0),
      ...[...device.channels.keys()].flatMap((channel) => {
        const known = state(channel);
        return known === undefined ? [] : [stateFrame(device.id, channel, known)];
      }),
    ]);
    return frames.sort((a, b) => a.seq - b.seq);
  }
}
