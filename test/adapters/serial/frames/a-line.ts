import serial from "../../../../adapters/serial/index.js";
import type { Device } from "../../../../src/core/device.js";
import { closedDoor } from "../../../support/closed-door.js";
import { aDevice } from "../../../support/fake-device.js";
import { openLineEnd } from "../../../support/line-end.js";
import { openPty } from "../../../support/pty.js";
import { RecordingLog } from "../../../support/recording-log.js";
import { RecordingSink } from "../../../support/recording-sink.js";

/** The boiler of the example configuration. */
export const boiler = aDevice({
  id: "boiler",
  address: {},
  channels: {
    pressure: {
      value: { kind: "number", unit: "bar" },
      address: { match: "^P=(?<value>[0-9.]+)$" },
    },
    pump: {
      value: { kind: "switch" },
      address: { match: "^PUMP=(?<value>0|1)$", on: 1, off: 0, send: "PUMP={value}\n" },
    },
  },
});

/** An adapter on a real pseudo-terminal, and what is at its far end. */
export async function aLine(devices: readonly Device[], settings: object = {}) {
  const pty = await openPty();
  const far = openLineEnd(pty.far);
  const sink = new RecordingSink();
  const log = new RecordingLog();
  const adapter = serial.create(
    { path: pty.port, ...settings },
    { name: "line", devices, sink, hooks: closedDoor, log },
  );
  const values = () => sink.reports.map(({ readings }) => readings);
  return {
    pty,
    far,
    sink,
    log,
    adapter,
    values,
    stop: async () => {
      await adapter.stop();
      await far.stop();
      await pty.close();
    },
  };
}
