import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import http from "../../../adapters/http/index.js";
import type { Device } from "../../../src/core/device.js";
import { closedDoor } from "../../support/closed-door.js";
import { aDevice } from "../../support/fake-device.js";
import { RecordingLog } from "../../support/recording-log.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { anHttpServer } from "./client/test-servers.js";

const never = new AbortController().signal;

async function anAdapter(devices: readonly Device[], settings: object = {}) {
  const [sink, log] = [new RecordingSink(), new RecordingLog()];
  const adapter = http.create(settings, { name: "web", devices, sink, hooks: closedDoor, log });
  onTestFinished(() => adapter.stop());
  await adapter.start();
  return { adapter, sink, log };
}

/** `inverter` of the sample configuration, at this place. */
function inverterAt(url: URL, channels: Record<string, object> = {}): Device {
  return aDevice({
    id: "inverter",
    address: { url: `${url.origin}/api/status`, every: "10s" },
    channels: {
      power: { value: { kind: "number", unit: "W" }, writable: false, address: { extract: "$.power" } },
      limit: {
        value: { kind: "number", unit: "%", min: 0, max: 100 },
        address: {
          extract: "$.limit",
          command: { method: "PUT", url: `${url.origin}/api/limit`, body: '{"limit": {value}}' },
        },
      },
      ...channels,
    },
  });
}

test("polls a device, tells it a value by exactly the request of its address, and reads it again", async () => {
  const requests: string[] = [];
  let limit = 80;
  const server = await anHttpServer(async (request, response) => {
    const body = await text(request);
    const type = request.headers["content-type"];
    requests.push([request.method, request.url, type, body].filter(Boolean).join(" "));
    if (request.method === "PUT") limit = JSON.parse(body).limit;
    response.setHeader("content-type", "application/json");
    response.end(request.method === "PUT" ? "" : JSON.stringify({ power: 512.5, limit }));
  });
  const { adapter, sink } = await anAdapter([inverterAt(server.url())]);
  await expect.poll(() => sink.reports).toHaveLength(1);
  await adapter.send({ id: "1", device: "inverter", channel: "limit", value: 50 }, never);
  await expect.poll(() => sink.reports).toHaveLength(2);
  expect(requests).toEqual([
    "GET /api/status",
    'PUT /api/limit application/json {"limit": 50}',
    "GET /api/status",
  ]);
  expect(sink.reports.map(({ readings }) => readings)).toEqual([
    { power: 512.5, limit: 80 },
    { power: 512.5, limit: 50 },
  ]);
  expect(sink.availabilities.map(({ status }) => status)).toEqual(["online", "online"]);
  expect(sink.links.map(({ state }) => state)).toEqual(["connecting", "online"]);
});
