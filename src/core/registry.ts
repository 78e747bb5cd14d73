import type { Device, DeviceId } from "./device.js";

/** Which devices there are. Each has a small number for itself as long as it is here, by which columns of facts are kept. */
export class Registry {
  readonly #slots = new Map<DeviceId, number>();
  readonly #devices: (Device | undefined)[] = [];
  readonly #free: number[] = [];
  #sorted: readonly Device[] | undefined;

  get(id: DeviceId): Device | undefined {
    const slot = this.#slots.get(id);
    return slot === undefined ? undefined : this.#devices[slot];
  }

  slotOf(id: DeviceId): number | undefined {
    return this.#slots.get(id);
  }

  /** In order of label, then id. */
  all(): readonly Device[] {
    this.#sorted ??= this.#devices
      .filter((device) => device !== undefined)
      .sort((a, b) => a.label.localeCompare(b.label) || a.id.localeCompare(b.id));
    return this.#sorted;
  }

  /** Adds a device, or replaces the one with its id, which keeps its slot. */
  put(device: Device): void {
    const slot = this.#slots.get(device.id) ?? this.#free.pop() ?? this.#devices.length;
    this.#slots.set(device.id, slot);
    this.#devices[slot] = device;
    this.#sorted = undefined;
  }

  remove(id: DeviceId): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.#slots.delete(id);
    this.#devices[slot] = undefined;
    this.#free.push(slot);
    this.#sorted = undefined;
  }
}
