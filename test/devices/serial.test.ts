import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import serial from "../../adapters/serial/index.js";
import { parseCommand } from "../../src/core/value-parse.js";
import { closedDoor } from "../support/closed-door.js";
import { RecordingLog } from "../support/recording-log.js";
import { RecordingSink } from "../support/recording-sink.js";
import { readModel } from "./model.js";
import { heardBy } from "./recordings.js";
import { recordings } from "./serial-recordings.js";

/** A device of the model behind a port server, and the far end of its line. */
async function play(name: string) {
  const { type, device } = await readModel(name, recordings.get(name)?.address);
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const [sink, log] = [new RecordingSink(), new RecordingLog()];
  const path = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const adapter = serial.create(
    { path, ...type.settings },
    { name: "line", devices: [device], sink, hooks: closedDoor, log },
  );
  const connected = once(server, "connection");
  await adapter.start();
  const [far]: Socket[] = await connected;
  if (far === undefined) throw new Error("nobody connected");
  let received = "";
  far.on("data", (bytes) => {
    received += bytes.toString("latin1");
  });
  onTestFinished(async () => {
    await adapter.stop();
    far.destroy();
    server.close();
  });
  await expect.poll(() => sink.state).toBe("online");
  return { device, adapter, sink, log, far, received: () => received };
}

const heard = [...recordings].flatMap(([name, recorded]) =>
  recorded.heard.map((message, index) => [name, index + 1, message] as const),
);

test.each(heard)("devices/%s.yaml understands message %i of its device", async (name, _, message) => {
  const { device, sink, log, far } = await play(name);
  const { bytes, values, events } = message;
  // In two pieces, as a line has it, and behind the end of something that was under way.
  far.write(Buffer.concat([Buffer.from("0W)\r\n"), bytes.subarray(0, 7)]));
  far.write(bytes.subarray(7));
  await expect.poll(() => heardBy(device, sink)).toEqual({ values, events, availability: undefined });
  const complaints = log.lines.filter(({ level }) => level === "warn" || level === "error");
  expect(complaints.filter(({ message }) => !message.endsWith("were no message"))).toEqual([]);
});

const told = [...recordings].filter(([, recorded]) => recorded.told.length > 0);

test.each(told)("devices/%s.yaml says what the device understands", async (name, recorded) => {
  const { device, adapter, received } = await play(name);
  const never = new AbortController().signal;
  for (const [index, { channel, value }] of recorded.told.entries()) {
    const spec = device.channels.get(channel)?.value;
    if (spec === undefined) throw new Error(`${name} has no channel ${channel}`);
    const command = { id: String(index), device: device.id, channel };
    await adapter.send({ ...command, value: parseCommand(spec, value, undefined) }, never);
  }
  await expect.poll(received).toBe(recorded.told.map(({ bytes }) => bytes).join(""));
});
