import type { DeviceSink } from "../../../src/core/adapter.js";
import type { DeviceId } from "../../../src/core/device.js";

/** Missed reports or answers in a row that make a device offline. */
const mostMissed = 3;

interface Attendance {
  missed: number;
  isGone: boolean;
  /** Runs while it reports by itself. */
  readonly timer: NodeJS.Timeout | undefined;
}

/** Which devices of a line are heard: one that misses three answers, or is silent for three times its interval, is offline. */
export class Register {
  readonly #sink: DeviceSink;
  readonly #devices = new Map<DeviceId, Attendance>();

  constructor(sink: DeviceSink) {
    this.#sink = sink;
  }

  /** The device is expected from now on. `every`: milliseconds between the reports that it makes by itself. */
  admit(device: DeviceId, every: number | undefined): void {
    this.forget(device);
    const timer =
      every === undefined
        ? undefined
        : setTimeout(
            () => this.#onGone(device, `Nothing was heard for ${seconds(mostMissed * every)}.`),
            mostMissed * every,
          );
    this.#devices.set(device, { missed: 0, isGone: false, timer });
  }

  forget(device: DeviceId): void {
    clearTimeout(this.#devices.get(device)?.timer);
    this.#devices.delete(device);
  }

  clear(): void {
    for (const device of [...this.#devices.keys()]) this.forget(device);
  }

  isGone(device: DeviceId): boolean {
    return this.#devices.get(device)?.isGone ?? false;
  }

  /** To be called before what was heard is reported. */
  onHeard(device: DeviceId): void {
    const attendance = this.#devices.get(device);
    if (attendance === undefined) return;
    attendance.missed = 0;
    attendance.timer?.refresh();
    if (!attendance.isGone) return;
    attendance.isGone = false;
    this.#sink.availability(device, "online");
  }

  onMissed(device: DeviceId): void {
    const attendance = this.#devices.get(device);
    if (attendance === undefined) return;
    attendance.missed += 1;
    if (attendance.missed >= mostMissed) this.#onGone(device, "It does not answer.");
  }

  #onGone(device: DeviceId, text: string): void {
    const attendance = this.#devices.get(device);
    if (attendance === undefined || attendance.isGone) return;
    attendance.isGone = true;
    this.#sink.availability(device, "offline", { detail: "communication-error", text });
  }
}

function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toPrecision(2))} s`;
}
