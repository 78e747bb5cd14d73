import type { Device, DeviceId } from "./device.js";
import type { Events } from "./events.js";

/** Which devices there are. Changes while running; every change is told. */
export class Registry {
  readonly #devices = new Map<DeviceId, Device>();
  readonly #events: Events;
  #sorted: readonly Device[] | undefined;

  constructor(events: Events) {
    this.#events = events;
  }

  get(id: DeviceId): Device | undefined {
    return this.#devices.get(id);
  }

  /** In order of label, then id. */
  all(): readonly Device[] {
    this.#sorted ??= [...this.#devices.values()].sort(
      (a, b) => a.label.localeCompare(b.label) || a.id.localeCompare(b.id),
    );
    return this.#sorted;
  }

  /** Adds a device, or replaces the one with its id. */
  put(device: Device): void {
    const change = this.#devices.has(device.id) ? "changed" : "added";
    this.#devices.set(device.id, device);
    this.#sorted = undefined;
    this.#events.emit("device", { device, change });
  }

  remove(id: DeviceId): void {
    const device = this.#devices.get(id);
    if (device === undefined) return;
    this.#devices.delete(id);
    this.#sorted = undefined;
    this.#events.emit("device", { device, change: "removed" });
  }
}
