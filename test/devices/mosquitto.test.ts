import { afterAll, beforeAll, expect, test } from "vitest";
import mqtt from "../../adapters/mqtt/index.js";
import { parseCommand } from "../../src/core/value-parse.js";
import { closedDoor } from "../support/closed-door.js";
import { startMosquitto, type TestMosquitto } from "../support/mosquitto.js";
import { RecordingSink } from "../support/recording-sink.js";
import { silentLog } from "../support/silent-log.js";
import { readModel } from "./model.js";
import { recordings } from "./mqtt-recordings.js";
import { heardBy } from "./recordings.js";

let broker: TestMosquitto;

beforeAll(async () => {
  broker = await startMosquitto();
});
afterAll(() => broker.stop());

test.each([
  "esphome/light-rgbcct",
  "openmqttgateway/rf-socket",
  "shelly/plus-2pm-cover",
  "shelly/plug-s",
  "tasmota/plug",
  "zigbee2mqtt/light-color-cct",
])("devices/%s.yaml hears and is heard through a real Mosquitto", async (name) => {
  const { address, heard = [], told = [] } = recordings.get(name) ?? {};
  const { device } = await readModel(name, address);
  const sink = new RecordingSink();
  const adapter = mqtt.create(
    { url: broker.url },
    { name: "broker", devices: [device], sink, hooks: closedDoor, log: silentLog },
  );
  const subscriber = broker.sub(["-F", "%t %p", ...told.flatMap(({ topic }) => ["-t", topic])]);
  try {
    await Promise.all([adapter.start(), subscriber.ready]);
    await expect.poll(() => sink.state).toBe("online");

    for (const { topic, payload, values, availability } of heard) {
      await broker.pub(["-t", topic, "-m", payload]);
      await expect.poll(() => heardBy(device, sink).values).toMatchObject(values);
      if (availability !== undefined) {
        await expect.poll(() => heardBy(device, sink).availability).toBe(availability);
      }
    }

    const never = new AbortController().signal;
    for (const [index, { channel, value }] of told.entries()) {
      const spec = device.channels.get(channel)?.value;
      if (spec === undefined) throw new Error(`${name} has no channel ${channel}`);
      const command = { id: String(index), device: device.id, channel };
      await adapter.send({ ...command, value: parseCommand(spec, value, undefined) }, never);
    }
    await expect
      .poll(() => subscriber.lines)
      .toEqual(told.map(({ topic, payload }) => `${topic} ${payload}`));
  } finally {
    await Promise.all([adapter.stop(), subscriber.stop()]);
  }
});
