import { expect, onTestFinished, test } from "vitest";
import http from "../../adapters/http/index.js";
import type { Device } from "../../src/core/device.js";
import { parseCommand } from "../../src/core/value-parse.js";
import { closedDoor } from "../support/closed-door.js";
import { RecordingLog } from "../support/recording-log.js";
import { RecordingSink } from "../support/recording-sink.js";
import { recordings } from "./http-recordings.js";
import { readModel } from "./model.js";
import { aCertificate, type PlayedDevice, playDevice } from "./played-device.js";
import { heardBy } from "./recordings.js";

/** The played device behind the address of a device of the model, with HTTPS where the model has it. */
async function play(name: string) {
  const { type } = await readModel(name);
  const secure = type.settings?.tls === undefined ? undefined : await aCertificate();
  const played = await playDevice(secure);
  const scheme = secure === undefined ? "http" : "https";
  const words: Readonly<Record<string, string>> = {
    host: played.host,
    bridge: played.host,
    server: `${scheme}://${played.host}`,
  };
  const own = Object.keys(type.parameters ?? {}).flatMap((word) =>
    words[word] === undefined ? [] : [[word, words[word]]],
  );
  const { device } = await readModel(name, {
    ...recordings.get(name)?.address,
    ...Object.fromEntries(own),
  });
  const settings = { ...type.settings, ...(secure && { tls: { fingerprint: secure.fingerprint } }) };
  return { played, device, settings };
}

async function start(device: Device, settings: object) {
  const [sink, log] = [new RecordingSink(), new RecordingLog()];
  const adapter = http.create(settings, { name: "web", devices: [device], sink, hooks: closedDoor, log });
  onTestFinished(() => adapter.stop());
  await adapter.start();
  return { adapter, sink, log };
}

/** The last of several answers to a request: one of its answers, for when something else is looked at. */
function answerAll({ answers }: PlayedDevice, name: string): void {
  for (const heard of recordings.get(name)?.heard ?? []) {
    if ("asked" in heard) answers.set(heard.asked, heard.body);
  }
}

const heard = [...recordings].flatMap(([name, recorded]) =>
  recorded.heard.map(
    (message) => [name, "asked" in message ? message.asked : message.told, message] as const,
  ),
);

test.each(heard)("devices/%s.yaml understands what the device says: %s", async (name, place, message) => {
  const { played, device, settings } = await play(name);
  const { body, values, events } = message;
  if ("asked" in message) played.answers.set(place, body);
  const { sink, log } = await start(device, settings);
  if ("told" in message) {
    await expect.poll(() => [...played.listeners]).toContain(place);
    played.tell(place, body);
  }
  await expect.poll(() => heardBy(device, sink)).toEqual({ values, events, availability: "online" });
  if ("asked" in message) expect(played.requests).toEqual([]);
  expect(log.lines.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  for (const [name, value] of Object.entries(Object(settings).headers ?? {}))
    expect(played.headers[name]).toBe(value);
});

const told = [...recordings].filter(([, recorded]) => recorded.told.length > 0);

test.each(told)("devices/%s.yaml says what the device understands", async (name, recorded) => {
  const { played, device, settings } = await play(name);
  answerAll(played, name);
  const { adapter } = await start(device, settings);
  const never = new AbortController().signal;
  for (const [index, { channel, value }] of recorded.told.entries()) {
    const spec = device.channels.get(channel)?.value;
    if (spec === undefined) throw new Error(`${name} has no channel ${channel}`);
    const command = { id: String(index), device: device.id, channel };
    await adapter.send({ ...command, value: parseCommand(spec, value, undefined) }, never);
  }
  expect(played.requests).toEqual(recorded.told.map(({ request }) => request));
});
