import { expect, test } from "vitest";
import { Intake } from "../../adapters/mqtt/intake.js";
import { planFor } from "../../adapters/mqtt/plan.js";
import { readDevice } from "../../adapters/mqtt/wiring.js";
import type { Device } from "../../src/core/device.js";
import { parseCommand } from "../../src/core/value-parse.js";
import { RecordingLog } from "../support/recording-log.js";
import { RecordingSink } from "../support/recording-sink.js";
import { readModel } from "./model.js";
import { recordings } from "./mqtt-recordings.js";
import { heardBy } from "./recordings.js";

function open({ address, channels }: Device) {
  const { wiring, problems } = readDevice({ address, channels: Object.fromEntries(channels) });
  expect(problems).toEqual([]);
  return wiring;
}

test.each([...recordings])("devices/%s.yaml understands what the device says", async (name, recorded) => {
  const { device } = await readModel(name, recorded.address);
  const { routes } = planFor(new Map([[device.id, open(device)]]));
  for (const { topic, payload, ...meant } of recorded.heard) {
    const sink = new RecordingSink();
    const log = new RecordingLog();
    new Intake(routes, sink, log).take(topic, Buffer.from(payload), false);
    expect(heardBy(device, sink), `${topic} ${payload}`).toEqual(meant);
    expect(log.lines).toEqual([]);
  }
});

const withCommands = [...recordings].filter(([, { told }]) => told.length > 0);

test.each(withCommands)("devices/%s.yaml says what the device understands", async (name, recorded) => {
  const { device } = await readModel(name, recorded.address);
  const { voices } = open(device);
  for (const { channel, value, topic, payload } of recorded.told) {
    const spec = device.channels.get(channel)?.value;
    const command = spec && parseCommand(spec, value, undefined);
    const said = command === undefined ? undefined : voices.get(channel)?.(command);
    expect(said, `${channel}: ${value}`).toEqual({ topic, payload, qos: 0, retain: false });
  }
});
