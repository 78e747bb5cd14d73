import type { DeviceSink } from "../../src/core/adapter.js";
import type { Availability, DeviceId } from "../../src/core/device.js";

/** Why nothing comes from a source, for a person. */
export type Loss = Required<Pick<Availability, "detail" | "text">>;

/**
 * Whether devices are there, by the sources that each has: one that answers is enough; a device is offline when none of them
 * does. What nobody knows yet is said of nobody.
 */
export class Presence {
  readonly #sink: DeviceSink;
  /** By device and the key of a source. */
  readonly #sources = new Map<DeviceId, Map<string, Loss | "answering" | "unknown">>();

  constructor(sink: DeviceSink) {
    this.#sink = sink;
  }

  /** From now on a device has these sources; of those that it had before it is still known how they are. */
  follow(device: DeviceId, sources: readonly string[]): void {
    const before = this.#sources.get(device);
    this.#sources.set(device, new Map(sources.map((source) => [source, before?.get(source) ?? "unknown"])));
  }

  forget(device: DeviceId): void {
    this.#sources.delete(device);
  }

  onAnswer(device: DeviceId, source: string): void {
    this.#sources.get(device)?.set(source, "answering");
    this.#sink.availability(device, "online");
  }

  /** The device called us: it is there, until its sources are missed once more. */
  onCall(device: DeviceId): void {
    this.#sink.availability(device, "online");
  }

  onLoss(device: DeviceId, source: string, loss: Loss): void {
    const sources = this.#sources.get(device);
    sources?.set(source, loss);
    const losses = [...(sources?.values() ?? [])].filter((state) => typeof state !== "string");
    if (losses.length === sources?.size) this.#sink.availability(device, "offline", losses[0] ?? loss);
  }
}
