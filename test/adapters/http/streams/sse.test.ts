import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aStream, atEnd, cleanUp, holdClock, until } from "./a-stream.js";
import { type EventServer, openStream, startEventServer } from "./event-server.js";

beforeEach(holdClock);
afterEach(cleanUp);

async function aServer(...parameters: Parameters<typeof startEventServer>): Promise<EventServer> {
  const server = await startEventServer(...parameters);
  atEnd(() => server.stop());
  return server;
}

test("hands on the events of a server, with their names", async () => {
  const server = await aServer();
  const { listener } = aStream({ url: server.url, headers: { "x-key": "secret" } });
  await until(() => listener.state === "online");
  server.open[0]?.write(': hi\n\ndata: {"on": true}\n\nevent: update\ndata: a\ndata: b\n\n');
  await until(() => listener.messages.length === 2);
  expect(listener.messages).toEqual([
    ["message", '{"on": true}'],
    ["update", "a\nb"],
  ]);
  expect(listener.states).toEqual(["connecting", "online"]);
  expect(server.requests[0]?.headers).toMatchObject({ accept: "text/event-stream", "x-key": "secret" });
});

test("connects again after a loss, ever later, and says where it was", async () => {
  const server = await aServer();
  const { listener } = aStream({ url: server.url });
  await until(() => listener.state === "online");
  server.open[0]?.end("id: grün-7\ndata: one\n\ndata: half");
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(`offline ${server.url.origin}: it ended the stream`);
  expect(listener.texts).toEqual(["one"]);
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => listener.state === "online");
  const id = server.requests[1]?.headers["last-event-id"];
  expect(Buffer.from(String(id), "latin1").toString()).toBe("grün-7");
});

test("says when nothing listens, and finds the server once it is there", async () => {
  const server = await aServer();
  await server.stop();
  const { listener } = aStream({ url: server.url });
  await until(() => listener.state.startsWith("offline"));
  const port = Number(server.url.port);
  const again = await startEventServer(openStream, port);
  atEnd(() => again.stop());
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => listener.state === "online");
});
