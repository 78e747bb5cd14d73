import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { aDevice } from "../../support/fake-device.js";
import { anAdapter, inverterAt, never } from "./an-adapter.js";
import { anHttpServer } from "./client/test-servers.js";

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

/** An inverter whose answer the test sets. */
async function anInverter(every = "500ms") {
  const state = { body: '{"power": 1, "limit": 80}', status: 200, headers: {} as Record<string, string> };
  const asked: string[] = [];
  const server = await anHttpServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    await text(request);
    response.writeHead(state.status, state.headers).end(state.body);
  });
  return { server, state, asked, device: inverterAt(server.url(), { every }) };
}

test("says again what did not change, so that nothing grows stale", async () => {
  const etag = '"1"';
  const conditions: unknown[] = [];
  const server = await anHttpServer((request, response) => {
    conditions.push(request.headers["if-none-match"]);
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end('{"power": 7, "limit": 80}');
  });
  const { sink } = await anAdapter([inverterAt(server.url(), { every: "500ms" })]);
  await expect.poll(() => sink.reports.length).toBeGreaterThan(2);
  expect(conditions.slice(0, 3)).toEqual([undefined, etag, etag]);
  expect(sink.reports.slice(0, 3).map(({ readings }) => readings)).toEqual(
    Array(3).fill({ power: 7, limit: 80 }),
  );
});

test("one request feeds all channels of its URL, of whatever device", async () => {
  const { server, asked, device } = await anInverter("1h");
  const second = aDevice({
    id: "display",
    address: {},
    channels: {
      power: {
        value: { kind: "number" },
        address: { url: server.url("/api/status").href, every: "2h", extract: "$.power" },
      },
    },
  });
  const { sink } = await anAdapter([device, second]);
  await expect
    .poll(() => sink.reports.map(({ device, readings }) => [device, readings]))
    .toEqual([
      ["inverter", { power: 1, limit: 80 }],
      ["display", { power: 1 }],
    ]);
  expect(asked).toEqual(["GET /api/status"]);
});

test("a bad value is one line in the log, and the others count", async () => {
  const { state, device } = await anInverter();
  state.body = '{"power": "much", "limit": 80}';
  const { sink, log } = await anAdapter([device]);
  await expect.poll(() => sink.reports.length).toBeGreaterThan(1);
  expect(sink.reports[0]?.readings).toEqual({ limit: 80 });
  expect(sink.availabilities.at(-1)?.status).toBe("online");
  const lines = log.lines.filter(({ level }) => level === "warn").map(({ message }) => message);
  expect(lines).toEqual(['inverter: refused a message: "much" is no number.']);
});

test("answers of another shape do not take the device away, and are told once", async () => {
  const { state, asked, device } = await anInverter();
  state.body = '{"error": "starting"}';
  const { sink, log } = await anAdapter([device]);
  await expect.poll(() => asked.length).toBeGreaterThan(4);
  expect(sink.reports).toEqual([]);
  expect(sink.availabilities.at(-1)?.status).toBe("online");
  const lines = log.lines.filter(({ level }) => level === "warn").map(({ message }) => message);
  expect(lines).toEqual([expect.stringContaining("found nothing of its channels in the last 3 answers of")]);
});

test.each([401, 403, 404])("a %s takes the device away at once, for somebody to mend it", async (status) => {
  const { state, device, asked } = await anInverter("1h");
  state.status = status;
  const { sink } = await anAdapter([device]);
  await expect.poll(() => sink.availabilities).toHaveLength(1);
  expect(sink.availabilities[0]).toMatchObject({
    status: "offline",
    why: {
      detail: "configuration-error",
      text: expect.stringMatching(/ answered \d+ .*; check `(auth|url)`\.$/),
    },
  });
  expect(asked).toHaveLength(1);
});

test("a refused command is told in a sentence, and the channel is not read for it", async () => {
  const { state, device, asked } = await anInverter("1h");
  const { adapter, sink } = await anAdapter([device]);
  await expect.poll(() => sink.reports).toHaveLength(1);
  state.status = 409;
  const command = { id: "1", device: "inverter", channel: "limit", value: 50 };
  await expect(adapter.send(command, never)).rejects.toMatchObject({
    code: "adapter-failed",
    message: expect.stringMatching(/\/api\/limit answered 409 Conflict\.$/),
  });
  expect(asked).toEqual(["GET /api/status", "PUT /api/limit"]);
});

test("reads a channel again until it shows what it was told", async () => {
  const shown = [80, 80, 80, 50];
  const server = await anHttpServer(async (request, response) => {
    await text(request);
    response.end(request.method === "PUT" ? "" : JSON.stringify({ limit: shown.shift() ?? 50 }));
  });
  const { adapter, sink } = await anAdapter([inverterAt(server.url(), { every: "1h" })]);
  await expect.poll(() => sink.reports).toHaveLength(1);
  await adapter.send({ id: "1", device: "inverter", channel: "limit", value: 50 }, never);
  await expect
    .poll(() => sink.reports.map(({ readings }) => readings.limit), { timeout: 10_000 })
    .toEqual([80, 80, 80, 50]);
});

test("a command without an answer is not sent again; what the channel shows then decides", async () => {
  const asked: string[] = [];
  const server = await anHttpServer((request, response) => {
    asked.push(`${request.method}`);
    if (request.method === "PUT") request.socket.destroy();
    else response.end('{"limit": 50}');
  });
  const { adapter, sink } = await anAdapter([inverterAt(server.url(), { every: "1h" })]);
  await expect.poll(() => sink.reports).toHaveLength(1);
  await adapter.send({ id: "1", device: "inverter", channel: "limit", value: 50 }, never);
  await expect.poll(() => sink.reports).toHaveLength(2);
  expect(asked).toEqual(["GET", "PUT", "GET"]);
});

test("an event that is polled happened when the answer changed, and not before the first one", async () => {
  const { server, state } = await anInverter();
  state.body = '{"press": {"type": "short", "at": 1}}';
  const button = aDevice({
    id: "button",
    address: { url: server.url("/press").href, every: "500ms" },
    channels: { press: { value: { kind: "event" }, address: { extract: "$.press" } } },
  });
  const { sink } = await anAdapter([button]);
  await expect.poll(() => sink.availabilities.length).toBeGreaterThan(1);
  state.body = '{"press": {"type": "long", "at": 2}}';
  await expect.poll(() => sink.events).toHaveLength(1);
  await expect.poll(() => sink.availabilities.length).toBeGreaterThan(4);
  expect(sink.events).toEqual([{ device: "button", channel: "press", event: { type: "long", at: 2 } }]);
});

test("unchanged devices go on undisturbed, removed ones are asked no more, new ones at once", async () => {
  const { server, asked, device } = await anInverter("1h");
  const { adapter, sink } = await anAdapter([device]);
  await expect.poll(() => sink.reports).toHaveLength(1);
  const other = aDevice({
    id: "other",
    address: { url: server.url("/other").href },
    channels: { power: { value: { kind: "number" }, address: { extract: "$.power" } } },
  });
  adapter.carry([device, other]);
  await expect.poll(() => sink.reports).toHaveLength(2);
  adapter.carry([other]);
  const changed = { ...other, label: "Another" };
  adapter.carry([changed]);
  await expect.poll(() => asked).toEqual(["GET /api/status", "GET /other", "GET /other"]);
});
