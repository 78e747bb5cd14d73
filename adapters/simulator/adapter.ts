import type { Adapter, AdapterContext, DeviceSink } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { Device, DeviceId } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import { type HouseDevice, house } from "./house.js";
import { seededRandom } from "./random.js";
import { SimulatedDevice } from "./simulated-device.js";

/** Lets the devices of the house live from `start` to `stop`. The house forgets itself in between. */
export class SimulatorAdapter implements Adapter {
  readonly #sink: DeviceSink;
  readonly #seed: number | undefined;
  readonly #awake = new Map<DeviceId, SimulatedDevice>();
  #carried: ReadonlyMap<DeviceId, HouseDevice>;
  #isRunning = false;

  constructor({ devices, sink }: AdapterContext, seed: number | undefined) {
    this.#carried = inhabitants(devices);
    this.#sink = sink;
    this.#seed = seed;
  }

  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#sink.link("online");
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    for (const device of this.#awake.values()) device.sleep();
    this.#awake.clear();
  }

  carry(devices: readonly Device[]): void {
    this.#carried = inhabitants(devices);
    for (const [id, device] of this.#awake) {
      if (this.#carried.has(id)) continue;
      device.sleep();
      this.#awake.delete(id);
    }
    if (this.#isRunning) this.#wake();
  }

  async send(command: Command, signal: AbortSignal): Promise<void> {
    if (signal.aborted)
      throw new GatewayError("adapter-failed", "The command was cancelled before it was sent.");
    const device = this.#awake.get(command.device);
    if (device === undefined) throw new GatewayError("device-offline", "The simulated house is not running.");
    device.command(command.channel, command.value);
  }

  #wake(): void {
    const seed = this.#seed ?? Date.now();
    for (const [id, inhabitant] of this.#carried) {
      if (this.#awake.has(id)) continue;
      // Each has its own chance, so that what one does cannot change another.
      this.#awake.set(id, new SimulatedDevice(id, inhabitant, this.#sink, seededRandom(`${seed} ${id}`)));
    }
  }
}

function inhabitants(devices: readonly Device[]): ReadonlyMap<DeviceId, HouseDevice> {
  return new Map(
    devices.map(({ id }) => {
      const inhabitant = house[id];
      if (inhabitant !== undefined) return [id, inhabitant];
      throw new GatewayError("config-invalid", `The simulated house has no device "${id}".`);
    }),
  );
}
