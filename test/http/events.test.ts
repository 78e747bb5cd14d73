import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { startHttp } from "../../src/http/server.js";
import { aDevice } from "../support/fake-device.js";
import { someParts } from "./an-app.js";
import { EventReader } from "./event-reader.js";

afterEach(() => {
  vi.useRealTimers();
});

async function aServer() {
  const { parts, ...rest } = await someParts();
  const server = await startHttp({ ...parts, port: 0, isDefaultPort: false });
  onTestFinished(() => server.stop());
  return {
    ...rest,
    server,
    listen: (lastEventId?: string, token = rest.token) => EventReader.open(server.url, token, lastEventId),
  };
}

const at = Date.UTC(2026, 10, 22, 8);

test("tells states, availabilities, events and receipts as they happen, each with an id that grows", async () => {
  const { gateway, listen } = await aServer();
  gateway.setDevice(aDevice({ id: "door", channels: { bell: { value: { kind: "event" } } } }));
  const reader = await listen();
  expect(reader.response.headers.get("content-type")).toBe("text/event-stream");
  expect(reader.response.headers.get("cache-control")).toBe("no-store");
  expect(await reader.next()).toEqual({ retry: "3000", id: "7-1" });

  gateway.report("kitchen-lamp", { power: true, brightness: 40 }, "live", at);
  gateway.setAvailability("kitchen-lamp", "offline", { detail: "communication-error", since: at });
  gateway.emitEvent("door", "bell", { type: "ring", loud: true });
  const { command, receipt } = gateway.execute("token:phone", {
    device: "kitchen-lamp",
    channel: "power",
    value: true,
  });
  await receipt;

  expect(await reader.take(5)).toEqual([
    {
      id: "7-2",
      event: "state",
      data: {
        device: "kitchen-lamp",
        channel: "power",
        state: { value: true, quality: "live", at: "2026-11-22T08:00:00.000Z", seq: 2 },
      },
    },
    { id: "7-3", event: "state", data: expect.objectContaining({ channel: "brightness" }) },
    {
      id: "7-4",
      event: "availability",
      data: {
        device: "kitchen-lamp",
        availability: { status: "offline", detail: "communication-error", since: "2026-11-22T08:00:00.000Z" },
      },
    },
    {
      id: "7-5",
      event: "event",
      data: { device: "door", channel: "bell", event: { type: "ring", loud: true } },
    },
    { id: "7-6", event: "receipt", data: { command, receipt: "confirmed" } },
  ]);
});

test("a device that comes or goes while running is told by its availability", async () => {
  const { gateway, listen } = await aServer();
  const reader = await listen();
  await reader.next();

  gateway.setDevice(aDevice({ id: "heater" }));
  gateway.setDevice(aDevice({ id: "heater", label: "Heater" }));
  gateway.removeDevice("heater");

  expect(await reader.take(1)).toMatchObject([
    // The device was gone again before it could be told that it came.
    { id: "7-3", data: { device: "heater", availability: { status: "offline", detail: "gone" } } },
  ]);
  gateway.setDevice(aDevice({ id: "oven" }));
  expect(await reader.next()).toMatchObject({
    event: "availability",
    data: { device: "oven", availability: { status: "unknown", detail: "not-seen-yet" } },
  });
});

test("resumes after the id that the client has seen last, and tells nothing twice", async () => {
  const { gateway, listen } = await aServer();
  const before = await listen();
  gateway.report("kitchen-lamp", { power: true });
  const [, seen] = await before.take(2);
  before.close();
  gateway.report("kitchen-lamp", { power: false });
  gateway.setAvailability("kitchen-lamp", "offline");

  const after = await listen(seen?.id);

  expect(await after.take(3)).toMatchObject([
    { id: seen?.id, retry: "3000" },
    { event: "state", data: { state: { value: false, seq: 2 } } },
    { event: "availability", id: "7-3" },
  ]);
});

test.each([
  ["of an earlier run", "6-1", "other-epoch"],
  ["that was never given out", "7-99", "unknown"],
  ["that is none", "yesterday", "unknown"],
])("an id %s gets a snapshot that says so, in order, and goes on after it", async (_what, id, reason) => {
  const { gateway, listen } = await aServer();
  gateway.report("kitchen-lamp", { power: true });
  gateway.setAvailability("kitchen-lamp", "online");
  gateway.report("kitchen-lamp", { power: false });

  const reader = await listen(id);
  gateway.report("kitchen-lamp", { power: true });

  expect(await reader.take(5)).toMatchObject([
    { retry: "3000", event: "snapshot", data: { reason } },
    { event: "availability", id: "7-2", data: { device: "kitchen-lamp" } },
    { event: "state", id: "7-3", data: { state: { value: false } } },
    { id: "7-3" },
    { event: "state", id: "7-4", data: { state: { value: true } } },
  ]);
});

test("an id older than what is kept gets a snapshot", async () => {
  const { gateway, listen } = await aServer();
  for (let count = 0; count <= 4_096; count += 1) gateway.report("kitchen-lamp", { power: count % 2 === 0 });

  const tooOld = await listen("7-0");
  const oldest = await listen("7-1");

  expect(await tooOld.next()).toMatchObject({ event: "snapshot", data: { reason: "too-old" } });
  expect((await oldest.take(4_097)).at(-1)).toMatchObject({ id: "7-4097" });
});

test("large texts are kept only up to a million characters in all", async () => {
  const { gateway, listen } = await aServer();
  for (let count = 0; count < 20; count += 1) {
    gateway.report("kitchen-lamp", { note: `${count}`.padEnd(60_000) });
  }

  expect(await (await listen("7-0")).next()).toMatchObject({ event: "snapshot" });
  expect(await (await listen("7-10")).next()).toMatchObject({ id: "7-10" });
});

test("a reader who takes nothing costs no more than what is kept, and gets a snapshot when it reads again", async () => {
  const { gateway, server, token } = await aServer();
  gateway.setDevice(aDevice({ channels: { note: { value: { kind: "text" } } } }));
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1").setEncoding("utf8");
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await once(socket, "readable");
  socket.pause();
  for (let count = 1; count <= 600; count += 1) {
    gateway.report("kitchen-lamp", { note: `${count} `.padEnd(60_000, "x") });
    await new Promise((resolve) => setImmediate(resolve));
  }

  let text = "";
  const last = new Promise<void>((resolve) => {
    socket.on("data", (part: string) => {
      text += part;
      if (text.includes('"600 x') && text.endsWith("\r\n")) resolve();
    });
  });
  socket.resume();
  await last;

  expect(text).toContain('event: snapshot\ndata: {"reason":"fell-behind"}');
  expect(text.length).toBeLessThan(600 * 60_000);
  const ids = [...text.matchAll(/id: 7-(\d+)\nevent/g)].map(([, seq]) => Number(seq));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});

test("what the token may not see is not told, as soon as it may not see it any more", async () => {
  const { gateway, listen } = await aServer();
  const reader = await listen();
  await reader.next();
  gateway.report("kitchen-lamp", { power: true });
  expect(await reader.next()).toMatchObject({ event: "state" });

  gateway.allows = () => false;
  gateway.report("kitchen-lamp", { power: false });
  gateway.removeDevice("kitchen-lamp");
  await new Promise((resolve) => setImmediate(resolve));
  gateway.allows = () => true;
  gateway.setDevice(aDevice({ id: "heater" }));

  expect(await reader.next()).toMatchObject({ data: { device: "heater" } });
});

test("the receipts of others are not told", async () => {
  const { gateway, listen, tokens } = await aServer();
  const reader = await listen(undefined, await tokens.create("tablet", "admin"));
  await reader.next();
  const request = { device: "kitchen-lamp", channel: "power", value: true };

  await gateway.execute("token:phone", request).receipt;
  const { command, receipt } = gateway.execute("token:tablet", request);
  await receipt;

  expect(await reader.next()).toMatchObject({ event: "receipt", data: { command } });
});

test("ends when the token is revoked, also while nothing happens", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { listen, tokens } = await aServer();
  const reader = await listen();
  await reader.next();

  await tokens.revoke("phone");
  vi.advanceTimersByTime(5_000);

  expect(await reader.next()).toBeUndefined();
});

test("says something every 15 s, so that both ends know the line is alive", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { listen } = await aServer();
  const reader = await listen();
  await reader.next();

  vi.advanceTimersByTime(15_000);

  expect(await reader.next()).toEqual({ comment: "" });
});

test("a ninth stream of one token is refused, and another token still gets one", async () => {
  const { listen, tokens } = await aServer();
  const readers = await Promise.all(Array.from({ length: 8 }, () => listen()));

  const ninth = await listen();
  expect(ninth.response.status).toBe(429);
  expect(await ninth.response.json()).toMatchObject({ code: "too-many-streams" });
  expect((await listen(undefined, await tokens.create("tablet", "viewer"))).response.status).toBe(200);

  readers[0]?.close();
  await expect.poll(async () => (await listen()).response.status).toBe(200);
});

test("a stop tells the last receipts and ends every stream at once", async () => {
  const { gateway, server, listen } = await aServer();
  const reader = await listen();
  await reader.next();
  await gateway.execute("token:phone", { device: "kitchen-lamp", channel: "power", value: true }).receipt;

  const stopped = server.stop();

  expect(await reader.take(2)).toMatchObject([{ event: "receipt" }, undefined]);
  await stopped;
});

test("a HEAD of the stream opens none", async () => {
  const { server, token } = await aServer();

  const response = await fetch(`${server.url}/api/v1/events`, {
    method: "HEAD",
    headers: { authorization: `Bearer ${token}` },
  });

  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
});
