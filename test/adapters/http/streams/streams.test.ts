import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { Streams } from "../../../../adapters/http/streams/streams.js";
import { RecordingLog } from "../../../support/recording-log.js";
import { holdClock, releaseClock, until } from "./a-stream.js";
import { startEventServer } from "./event-server.js";
import { RecordingListener } from "./recording-listener.js";

beforeEach(holdClock);
afterEach(releaseClock);

const plain = { kind: "sse", headers: {}, protocols: [], send: [] } as const;

async function aHouse() {
  const server = await startEventServer();
  onTestFinished(() => server.stop());
  const streams = new Streams(new RecordingLog());
  onTestFinished(() => streams.stop());
  const take = (events?: readonly string[]) => {
    const listener = new RecordingListener();
    const source = { ...plain, url: server.url };
    const seat = streams.take({ source, ...(events === undefined ? {} : { events }) }, listener);
    return { listener, seat };
  };
  return { server, streams, take };
}

test("eight lamps share one connection, and each hears what it asked for", async () => {
  const { server, take } = await aHouse();
  const lamps = Array.from({ length: 7 }, () => take());
  const choosy = take(["update"]);
  await until(() => choosy.listener.state === "online");
  const late = take();
  expect(late.listener.states).toEqual(["online"]);
  server.open[0]?.write("data: a\n\nevent: update\ndata: b\n\n");
  await until(() => late.listener.messages.length === 2);
  for (const { listener } of lamps) expect(listener.texts).toEqual(["a", "b"]);
  expect(choosy.listener.texts).toEqual(["b"]);
  expect(server.requests).toHaveLength(1);
});

test("equal payloads are one object, so that it is read once for all", async () => {
  const { server, streams } = await aHouse();
  const heard: unknown[] = [];
  const source = { ...plain, url: server.url };
  const listener = { onState: () => {}, onMessage: (payload: unknown) => void heard.push(payload) };
  streams.take({ source }, listener);
  streams.take({ source }, listener);
  await until(() => server.open.length === 1);
  server.open[0]?.write("data: {}\n\n");
  await until(() => heard.length === 2);
  expect(heard[0]).toBe(heard[1]);
});

test("sources that differ have connections of their own", async () => {
  const { server, streams, take } = await aHouse();
  take();
  const source = { ...plain, url: server.url, headers: { "x-key": "other" } };
  streams.take({ source }, new RecordingListener());
  await until(() => server.requests.length === 2);
});

test("the last one who leaves ends the connection; who comes in the same turn goes on with it", async () => {
  const { server, take } = await aHouse();
  const first = take();
  await until(() => first.listener.state === "online");
  first.seat.leave();
  const second = take();
  await turn();
  await turn();
  expect(second.listener.states).toEqual(["online"]);
  server.open[0]?.write("data: a\n\n");
  await until(() => second.listener.messages.length === 1);
  expect(first.listener.messages).toEqual([]);
  expect(server.requests).toHaveLength(1);
  second.seat.leave();
  second.seat.leave();
  await until(() => server.open.length === 0);
});

test("who left or was stopped is told nothing, and can tell nothing", async () => {
  const { server, streams, take } = await aHouse();
  const { listener, seat } = take();
  await until(() => listener.state === "online");
  await streams.stop();
  await until(() => server.open.length === 0);
  expect(listener.states).toEqual(["connecting", "online"]);
  await expect(seat.send("on", new AbortController().signal)).rejects.toMatchObject({
    code: "device-offline",
  });
});

test("says of a source that only sends events that it can be told nothing", async () => {
  const { take } = await aHouse();
  const { listener, seat } = take();
  await until(() => listener.state === "online");
  await expect(seat.send("on", new AbortController().signal)).rejects.toThrow("it only sends events");
});
