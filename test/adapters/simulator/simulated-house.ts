import { onTestFinished, vi } from "vitest";
import simulator from "../../../adapters/simulator/index.js";
import type { DeviceSink } from "../../../src/core/adapter.js";
import type { Receipt } from "../../../src/core/command.js";
import type { DeviceEvent } from "../../../src/core/device.js";
import { House } from "../../../src/core/house.js";
import type { Value } from "../../../src/core/value.js";
import { closedDoor } from "../../support/closed-door.js";
import { RecordingLog } from "../../support/recording-log.js";
import { silentLog } from "../../support/silent-log.js";

const morning = new Date("2026-11-22T08:00:00Z");

/** A line for each thing that the simulator said. */
export class RecordingSink implements DeviceSink {
  readonly said: string[] = [];

  report(device: string, readings: Readonly<Record<string, unknown>>): void {
    this.said.push(`${device} ${JSON.stringify(readings)}`);
  }

  event(device: string, channel: string, event: DeviceEvent): string {
    return `event-${this.said.push(`${device} ${channel} ${JSON.stringify(event)}`)}`;
  }

  availability(device: string, status: string): void {
    this.said.push(`${device} ${status}`);
  }

  link(state: string): void {
    this.said.push(`link ${state}`);
  }
}

/** The simulator on its own, with a clock that the test turns. */
export function aSimulator(given: unknown = { seed: 1 }) {
  vi.useFakeTimers({ now: morning });
  const sink = new RecordingSink();
  const devices = simulator.devices?.(given, "house") ?? [];
  const adapter = simulator.create(given, {
    name: "house",
    devices,
    sink,
    hooks: closedDoor,
    log: silentLog,
  });
  onTestFinished(async () => {
    await adapter.stop();
    vi.useRealTimers();
  });
  return { adapter, sink, devices };
}

/** The simulator under the real core. Nothing happens until the test lets time pass. */
export async function aHouse() {
  vi.useFakeTimers({ now: morning });
  const log = new RecordingLog();
  const house = new House({ epoch: 1, roleOf: () => "owner", log });
  for (const device of simulator.devices?.({}, "house") ?? []) house.put(device);
  house.carry("house", "simulator", (context) => simulator.create({ seed: 1 }, context));
  onTestFinished(async () => {
    await house.stop();
    vi.useRealTimers();
  });
  await house.start();

  function value(device: string, channel: string): Value | undefined {
    return house.device("owner", device)?.state(channel)?.value;
  }

  /** Every value of the channel from now on. */
  function watch(device: string, channel: string): Value[] {
    const seen: Value[] = [];
    house.on("state", (event) => {
      const state = event.states.get(channel);
      if (event.device.id === device && state !== undefined) seen.push(state.value);
    });
    return seen;
  }

  /** Confirms what wants it. Resolves with the receipt, and lets so much time pass as it takes. */
  async function command(device: string, channel: string, wanted: unknown): Promise<Receipt> {
    let receipt: Receipt | undefined;
    const request = { device, channel, value: wanted };
    const first = house.execute("owner", request).receipt.then((final) => {
      if (final.confirm === undefined) return final;
      return house.execute("owner", { ...request, confirm: final.confirm }).receipt;
    });
    void first.then((final) => {
      receipt = final;
    });
    for (let waited = 0; receipt === undefined && waited < 70_000; waited += 50) {
      await vi.advanceTimersByTimeAsync(50);
    }
    return first;
  }

  return { house, log, value, watch, command };
}
