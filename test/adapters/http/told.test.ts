import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { Hooks } from "../../../src/core/hooks.js";
import { aDevice } from "../../support/fake-device.js";
import { silentLog } from "../../support/silent-log.js";
import { anAdapter, never } from "./an-adapter.js";
import { anHttpServer } from "./client/test-servers.js";
import { startEventServer } from "./streams/event-server.js";

test("reads what a source of events tells, and asks for what it may have missed when that comes back", async () => {
  const source = await startEventServer();
  onTestFinished(() => source.stop());
  const asked: string[] = [];
  const server = await anHttpServer((request, response) => {
    asked.push(`${request.url}`);
    response.end('{"power": 1}');
  });
  const device = aDevice({
    address: { url: server.url("/status").href, every: "1h", events: source.url.href },
    channels: {
      power: { value: { kind: "number" }, address: { extract: "$.power" } },
      level: { value: { kind: "number" }, address: { from: "events", extract: "$.level" } },
      press: { value: { kind: "event" }, address: { extract: "$.press" } },
    },
  });
  const { sink } = await anAdapter([device]);
  await expect.poll(() => [sink.reports.length, source.open.length]).toEqual([1, 1]);
  source.open[0]?.write('data: {"power": 2, "level": 3, "press": "long"}\n\n');
  await expect.poll(() => sink.events).toHaveLength(1);
  expect(sink.reports.map(({ readings }) => readings)).toEqual([{ power: 1 }, { power: 2, level: 3 }]);
  expect(sink.events[0]).toMatchObject({ channel: "press", event: { type: "long" } });
  source.open[0]?.end();
  await expect.poll(() => source.requests.length, { timeout: 10_000 }).toBe(2);
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThan(1);
});

test("a device that only tells is there as long as its source is", async () => {
  const source = await startEventServer();
  const device = aDevice({
    address: { events: source.url.href },
    channels: { level: { value: { kind: "number" }, address: { extract: "$.level" } } },
  });
  const { sink } = await anAdapter([device]);
  await expect.poll(() => sink.availabilities.at(-1)?.status).toBe("online");
  await source.stop();
  await expect
    .poll(() => sink.availabilities.at(-1))
    .toMatchObject({
      status: "offline",
      why: { detail: "communication-error", text: expect.stringMatching(/^http:\/\/127.0.0.1:\d+.*\.$/) },
    });
});

test("hears what its webhook is told, until it is taken away", async () => {
  const hooks = new Hooks(() => "call", silentLog);
  const token = randomBytes(32).toString("base64url");
  const device = aDevice({
    address: { hook: { name: "doorbell", token } },
    channels: {
      button: { value: { kind: "event" }, address: {} },
      battery: { value: { kind: "number" }, address: { extract: "$.battery" } },
    },
  });
  const { adapter, sink } = await anAdapter([device], {}, hooks.door());
  const call = () =>
    hooks.take("doorbell", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      query: new URLSearchParams(),
      body: Buffer.from('{"type": "pressed", "battery": 80}'),
    });
  expect(call()).toEqual({ event: "event-1" });
  expect(sink.events).toMatchObject([{ channel: "button", event: { type: "pressed" } }]);
  expect(sink.reports).toMatchObject([{ readings: { battery: 80 } }]);
  expect(sink.availabilities).toMatchObject([{ status: "online" }]);
  adapter.carry([]);
  expect(call()).toMatchObject({ refused: "unauthorized" });
});

test("refuses to tell a WebSocket that is not open", async () => {
  const device = aDevice({
    address: { events: "ws://127.0.0.1:9/" },
    channels: {
      power: {
        value: { kind: "switch" },
        address: { extract: "$.on", on: true, off: false, command: { send: '{"on": {value}}' } },
      },
    },
  });
  const { adapter } = await anAdapter([device]);
  const command = { id: "1", device: device.id, channel: "power", value: true };
  await expect(adapter.send(command, never)).rejects.toMatchObject({ code: "device-offline" });
});

test("tells a WebSocket a value, and hears there that it was obeyed", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => void server.close());
  const heard: string[] = [];
  server.on("connection", (socket) =>
    socket.on("message", (data) => {
      heard.push(String(data));
      socket.send('{"on": true}');
    }),
  );
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const device = aDevice({
    address: { events: `ws://127.0.0.1:${port}/` },
    channels: {
      power: {
        value: { kind: "switch" },
        address: { extract: "$.on", on: true, off: false, command: { send: '{"on": {value}}' } },
      },
    },
  });
  const { adapter, sink } = await anAdapter([device]);
  await expect.poll(() => sink.availabilities.at(-1)?.status).toBe("online");
  await adapter.send({ id: "1", device: device.id, channel: "power", value: true }, never);
  await expect.poll(() => sink.reports.map(({ readings }) => readings)).toEqual([{ power: true }]);
  expect(heard).toEqual(['{"on": true}']);
});
