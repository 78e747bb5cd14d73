import { isDeepStrictEqual } from "node:util";
import type { Adapter, AdapterContext } from "../core/adapter.js";
import type { Device, DeviceId } from "../core/device.js";
import { GatewayError, messageOf } from "../core/errors.js";
import type { House } from "../core/house.js";
import type { Log } from "../core/log.js";
import type { AdapterSettings, Settings } from "./settings.js";

/** Makes an adapter of the configuration. Rejects or throws where it cannot be. */
type AdapterMaker = (settings: AdapterSettings) => Promise<(context: AdapterContext) => Adapter>;

/** Keeps a house as its configuration says, with the fewest changes: what stayed the same goes on undisturbed. */
export class Furnishing {
  readonly #house: House;
  readonly #make: AdapterMaker;
  readonly #log: Log;
  #devices: ReadonlyMap<DeviceId, Device> = new Map();
  #adapters: ReadonlyMap<string, AdapterSettings> = new Map();
  /** Those that could not be made, by name; an offline one stands in for each. */
  readonly #unmade = new Set<string>();

  constructor(house: House, make: AdapterMaker, log: Log) {
    this.#house = house;
    this.#make = make;
    this.#log = log;
  }

  /** Resolves when the house is so. One call at a time. */
  async apply({ devices, adapters }: Pick<Settings, "devices" | "adapters">): Promise<void> {
    const wanted = new Map(adapters.map((adapter) => [adapter.name, adapter]));
    const leaving = [...this.#adapters.values()].filter(
      (adapter) => this.#unmade.has(adapter.name) || !isDeepStrictEqual(adapter, wanted.get(adapter.name)),
    );
    await Promise.all(leaving.map(({ name }) => this.#house.release(name)));
    this.#put(devices);
    const kept = new Map([...this.#adapters].filter(([, adapter]) => !leaving.includes(adapter)));
    for (const adapter of adapters) {
      if (kept.has(adapter.name)) continue;
      await this.#carry(adapter);
      kept.set(adapter.name, adapter);
    }
    this.#adapters = kept;
  }

  #put(devices: readonly Device[]): void {
    // One that did not change stays the same object, by which adapters know it.
    const furnished = new Map(
      devices.map((device) => {
        const before = this.#devices.get(device.id);
        return [device.id, isDeepStrictEqual(before, device) ? (before ?? device) : device];
      }),
    );
    for (const id of this.#devices.keys()) if (!furnished.has(id)) this.#house.remove(id);
    for (const [id, device] of furnished) if (this.#devices.get(id) !== device) this.#house.put(device);
    this.#devices = furnished;
  }

  async #carry(adapter: AdapterSettings): Promise<void> {
    const { name, kind } = adapter;
    this.#unmade.delete(name);
    try {
      this.#house.carry(name, kind, await this.#make(adapter));
    } catch (err) {
      const sentence = `it cannot be made: ${messageOf(err)}`;
      this.#log.error({ err, adapter: name }, `the adapter "${name}": ${sentence}`);
      this.#unmade.add(name);
      this.#house.carry(name, kind, () => standIn(sentence));
    }
  }
}

/** Keeps the place of an adapter that could not be made, so that everybody sees that it is missing, and why. */
function standIn(why: string): Adapter {
  return {
    start: async () => {
      throw new Error(why);
    },
    stop: async () => {},
    carry: () => {},
    send: async () => {
      throw new GatewayError("device-offline", why);
    },
  };
}
