import type { Adapter, AdapterContext } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { DeviceId } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import { house } from "./house.js";
import { seededRandom } from "./random.js";
import { SimulatedDevice } from "./simulated-device.js";

/** Lets the devices of the house live from `start` to `stop`. The house forgets itself in between. */
export class SimulatorAdapter implements Adapter {
  readonly #context: AdapterContext;
  readonly #seed: number | undefined;
  readonly #awake = new Map<DeviceId, SimulatedDevice>();

  constructor(context: AdapterContext, seed: number | undefined) {
    for (const { id } of context.devices) {
      if (house[id] === undefined) {
        throw new GatewayError("config-invalid", `The simulated house has no device "${id}".`);
      }
    }
    this.#context = context;
    this.#seed = seed;
  }

  async start(): Promise<void> {
    if (this.#awake.size > 0) return;
    const { devices, sink } = this.#context;
    const seed = this.#seed ?? Date.now();
    sink.link("online");
    for (const { id } of devices) {
      const device = house[id];
      if (device === undefined) continue;
      // Each has its own chance, so that what one does cannot change another.
      this.#awake.set(id, new SimulatedDevice(id, device, sink, seededRandom(`${seed} ${id}`)));
    }
  }

  async stop(): Promise<void> {
    for (const device of this.#awake.values()) device.sleep();
    this.#awake.clear();
  }

  async send(command: Command, signal: AbortSignal): Promise<void> {
    if (signal.aborted)
      throw new GatewayError("adapter-failed", "The command was cancelled before it was sent.");
    const device = this.#awake.get(command.device);
    if (device === undefined) throw new GatewayError("device-offline", "The simulated house is not running.");
    device.command(command.channel, command.value);
  }
}
