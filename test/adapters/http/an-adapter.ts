import { onTestFinished } from "vitest";
import http from "../../../adapters/http/index.js";
import type { Device } from "../../../src/core/device.js";
import type { HookDoor } from "../../../src/core/hooks.js";
import { closedDoor } from "../../support/closed-door.js";
import { aDevice } from "../../support/fake-device.js";
import { RecordingLog } from "../../support/recording-log.js";
import { RecordingSink } from "../../support/recording-sink.js";

export const never = new AbortController().signal;

/** An HTTP adapter that runs until the test is over. */
export async function anAdapter(
  devices: readonly Device[],
  settings: object = {},
  hooks: HookDoor = closedDoor,
) {
  const [sink, log] = [new RecordingSink(), new RecordingLog()];
  const adapter = http.create(settings, { name: "web", devices, sink, hooks, log });
  onTestFinished(() => adapter.stop());
  await adapter.start();
  return { adapter, sink, log };
}

/** `inverter` of the sample configuration, at this place. */
export function inverterAt({ origin }: URL, address: object = {}): Device {
  return aDevice({
    id: "inverter",
    address: { url: `${origin}/api/status`, every: "10s", ...address },
    channels: {
      power: { value: { kind: "number", unit: "W" }, writable: false, address: { extract: "$.power" } },
      limit: {
        value: { kind: "number", unit: "%", min: 0, max: 100 },
        address: {
          extract: "$.limit",
          command: { method: "PUT", url: `${origin}/api/limit`, body: '{"limit": {value}}' },
        },
      },
    },
  });
}
