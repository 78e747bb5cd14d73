import type { Channel, DeviceId } from "../core/device.js";
import type { GatewayEvents } from "../core/events.js";

/** A switch that flaps is told once a second. */
const flapEvery = 1_000;

/** Of one device, on the monotonic clock. */
interface Turn {
  changeAt: number;
  driftAt: number;
  /** When `timer` ends; never, without one. */
  nextAt: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * When a device's news is told: at once, but for numbers that drift, which wait for `every`, and for what flaps. Who waits is
 * told with the next turn of any kind.
 */
export class Turns {
  readonly #every: number;
  readonly #tell: (id: DeviceId) => void;
  readonly #turns = new Map<DeviceId, Turn>();

  /** `every` is in milliseconds; at 0 nothing waits. */
  constructor(every: number, tell: (id: DeviceId) => void) {
    this.#every = every;
    this.#tell = tell;
  }

  onState({ device, states, qualityChanged }: GatewayEvents["state"]): void {
    if (this.#every === 0) {
      this.#tell(device.id);
      return;
    }
    const turn = this.#of(device.id);
    const channels = [...states.keys()].flatMap((id) => device.channels.get(id) ?? []);
    const isDrift = !qualityChanged && channels.every(isContinuous);
    const flap = device.class === "alarm" ? 0 : Math.min(this.#every, flapEvery);
    const due = isDrift ? turn.driftAt + this.#every : turn.changeAt + flap;
    const wait = due - performance.now();
    if (wait <= 0) {
      this.#take(device.id, turn, isDrift);
    } else if (due < turn.nextAt) {
      clearTimeout(turn.timer);
      turn.nextAt = due;
      turn.timer = setTimeout(() => this.#take(device.id, turn, isDrift), wait);
    }
  }

  forget(id: DeviceId): void {
    clearTimeout(this.#turns.get(id)?.timer);
    this.#turns.delete(id);
  }

  stop(): void {
    for (const { timer } of this.#turns.values()) clearTimeout(timer);
    this.#turns.clear();
  }

  #take(id: DeviceId, turn: Turn, isDrift: boolean): void {
    clearTimeout(turn.timer);
    turn.nextAt = Number.POSITIVE_INFINITY;
    if (isDrift) turn.driftAt = performance.now();
    else turn.changeAt = performance.now();
    this.#tell(id);
  }

  #of(id: DeviceId): Turn {
    let turn = this.#turns.get(id);
    if (turn === undefined) {
      const long = Number.NEGATIVE_INFINITY;
      turn = { changeAt: long, driftAt: long, nextAt: Number.POSITIVE_INFINITY, timer: undefined };
      this.#turns.set(id, turn);
    }
    return turn;
  }
}

function isContinuous(channel: Channel): boolean {
  const { kind } = channel.value;
  return kind === "number" || kind === "location" || (kind === "level" && !channel.writable);
}
