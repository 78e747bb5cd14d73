import type { DeviceSink } from "../../src/core/adapter.js";
import type { ChannelId, DeviceEvent, DeviceId } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import type { CommandValue } from "../../src/core/value.js";
import { minute, type Performance, type Stage, second } from "./behaviour.js";
import type { HouseDevice } from "./house.js";
import { repertoire } from "./repertoire.js";

/** One device of the house between its waking and its sleep: it runs the behaviour and is its stage. */
export class SimulatedDevice implements Stage {
  readonly #id: DeviceId;
  readonly #label: string;
  readonly #sink: DeviceSink;
  readonly #random: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #performance: Performance;
  #isReachable = true;

  constructor(id: DeviceId, device: HouseDevice, sink: DeviceSink, random: () => number) {
    this.#id = id;
    this.#label = device.label;
    this.#sink = sink;
    this.#random = random;
    this.#performance = repertoire[device.behaviour](this);
    this.#sink.availability(id, "online");
    this.report();
    if (device.dropsOut) this.sometimes(2 * minute, 8 * minute, () => this.#dropOut());
  }

  sleep(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  command(channel: ChannelId, value: CommandValue): void {
    if (!this.#isReachable) throw new GatewayError("device-offline", `${this.#label} is out of reach.`);
    this.#performance.command?.(channel, value);
  }

  between(low: number, high: number): number {
    return low + this.#random() * (high - low);
  }

  after(wait: number, act: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, wait);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  every(period: number, act: () => void): void {
    this.#timers.add(setInterval(act, period));
  }

  sometimes(shortest: number, longest: number, act: () => void): void {
    this.after(this.between(shortest, longest), () => {
      act();
      this.sometimes(shortest, longest, act);
    });
  }

  report(): void {
    if (this.#isReachable) this.#sink.report(this.#id, this.#performance.readings());
  }

  event(channel: ChannelId, event: DeviceEvent): void {
    if (this.#isReachable) this.#sink.event(this.#id, channel, event);
  }

  #dropOut(): void {
    this.#isReachable = false;
    this.#sink.availability(this.#id, "offline", {
      detail: "communication-error",
      text: `${this.#label} does not answer.`,
    });
    this.after(this.between(30 * second, 90 * second), () => {
      this.#isReachable = true;
      this.#sink.availability(this.#id, "online");
      this.report();
    });
  }
}
