import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { aStream, holdClock, nextOf, releaseClock, until } from "./a-stream.js";
import { type EventServer, openStream, startEventServer } from "./event-server.js";

beforeEach(holdClock);
afterEach(releaseClock);

async function aServer(...parameters: Parameters<typeof startEventServer>): Promise<EventServer> {
  const server = await startEventServer(...parameters);
  onTestFinished(() => server.stop());
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
  expect(listener.state).toBe(`offline ${server.url} ended the stream`);
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
  onTestFinished(() => again.stop());
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => listener.state === "online");
});

test.each([
  [401, {}, "does not let us in (401); check `auth` refused"],
  [403, {}, "denies us the events (403); check `auth` refused"],
  [404, {}, "has nothing at this path (404); check `url` refused"],
  [204, {}, "says that there are no events to come (204) refused"],
  [503, {}, "answered 503"],
  [
    200,
    { "content-type": "text/html" },
    "answered with text/html instead of text/event-stream; check `url` refused",
  ],
  [200, {}, "answered with an unnamed type instead of text/event-stream; check `url` refused"],
  [
    200,
    { "content-type": "text/event-stream", "content-encoding": "gzip" },
    "compresses the events (gzip) unasked refused",
  ],
])(
  "says why an answer with status %i and headers %j is no event stream",
  async (status, headers, sentence) => {
    const server = await aServer((response) => response.writeHead(status, headers).end());
    const { listener } = aStream({ url: server.url });
    await until(() => listener.state.startsWith("offline"));
    expect(listener.state).toBe(`offline ${server.url} ${sentence}`);
  },
);

test("a server that refuses us is asked ever more rarely, down to every 5 minutes", async () => {
  let status = 401;
  const server = await aServer((response) => {
    response.writeHead(status).end();
    status = status === 401 ? 403 : 401;
  });
  const { waits } = aStream({ url: server.url });
  for (const longest of [30, 60, 120, 240, 300, 300]) {
    const wait = await nextOf(waits);
    expect(wait).toBeGreaterThanOrEqual(longest * 500);
    expect(wait).toBeLessThanOrEqual(longest * 1000);
    await vi.advanceTimersByTimeAsync(wait);
  }
});

test("a server that is away is looked for ever more rarely, down to every minute", async () => {
  let status = 500;
  const server = await aServer((response) => response.writeHead(status++).end());
  const { waits } = aStream({ url: server.url });
  for (const longest of [1, 2, 4, 8, 16, 32, 60, 60]) {
    const wait = await nextOf(waits);
    expect(wait).toBeGreaterThanOrEqual(longest * 500);
    expect(wait).toBeLessThanOrEqual(longest * 1000);
    await vi.advanceTimersByTimeAsync(wait);
  }
});

test("a server that bears no more is given the time that it asks for", async () => {
  const server = await aServer((response) => response.writeHead(429, { "retry-after": "600" }).end());
  const { waits } = aStream({ url: server.url });
  expect(await nextOf(waits)).toBe(600_000);
});

test("the server's own wish how long to wait is heeded, within bounds", async () => {
  const wishes = ["7000", "999999999", "1"];
  const server = await aServer((response) => {
    openStream(response);
    response.end(`retry: ${wishes.shift()}\n\n`);
  });
  const { waits } = aStream({ url: server.url });
  expect(await nextOf(waits)).toBe(7000);
  await vi.advanceTimersByTimeAsync(7000);
  expect(await nextOf(waits)).toBe(300_000);
  await vi.advanceTimersByTimeAsync(300_000);
  // It is the third attempt in a row by now.
  expect(await nextOf(waits)).toBeGreaterThanOrEqual(2000);
});

test("a stream that lasted is replaced without a word of being offline", async () => {
  const server = await aServer();
  const { listener } = aStream({ url: server.url });
  await until(() => listener.state === "online");
  await vi.advanceTimersByTimeAsync(30_000);
  server.open[0]?.end();
  await until(() => listener.state !== "online");
  expect(listener.state).toBe(`connecting ${server.url} ended the stream`);
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => listener.state === "online");
  // This one does not last.
  server.open[0]?.end();
  await until(() => listener.state.startsWith("offline"));
});

test("a server that accepts and says nothing is given up after 10 s", async () => {
  const server = await aServer(() => {});
  const { listener } = aStream({ url: server.url });
  await until(() => server.requests.length === 1);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(listener.states).toEqual(["connecting"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(listener.state).toBe(`offline ${server.url} opened nothing within 10 s`);
  await until(() => server.open.length === 0);
});

test("silence is no fault unless the configuration says how long it may last", async () => {
  const server = await aServer();
  const patient = aStream({ url: server.url });
  const strict = aStream({ url: server.url, silence: 30_000 });
  await until(() => patient.listener.state === "online" && strict.listener.state === "online");
  await vi.advanceTimersByTimeAsync(29_000);
  for (const response of server.open) response.write(": still here\n\n");
  for (const response of server.open) response.write("data: a\n\n");
  await until(() => patient.listener.messages.length === 1 && strict.listener.messages.length === 1);
  await vi.advanceTimersByTimeAsync(29_000);
  expect(strict.listener.state).toBe("online");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(strict.listener.state).toBe(`connecting ${server.url} said nothing for 30 s`);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(patient.listener.state).toBe("online");
});

test("an event that is too large costs one line in the log, and no connection", async () => {
  const server = await aServer();
  const { listener, log } = aStream({ url: server.url });
  await until(() => server.open.length === 1);
  server.open[0]?.write(`data: ${"x".repeat(5_000_000)}\n\ndata: next\n\n`);
  await until(() => listener.messages.length === 1);
  expect(listener.texts).toEqual(["next"]);
  expect(log.lines.filter(({ level }) => level === "warn").map(({ message }) => message)).toEqual([
    "a message larger than 64 KB was left out",
  ]);
});

test("a flood leaves every turn of the event loop short", async () => {
  const events = 200_000;
  const server = await aServer((response) => {
    openStream(response);
    response.end("data: 1\n\n".repeat(events));
  });
  const { listener } = aStream({ url: server.url });
  const heardInTurn: number[] = [];
  let before = 0;
  while (listener.messages.length < events) {
    await turn();
    heardInTurn.push(listener.messages.length - before);
    before = listener.messages.length;
  }
  expect(Math.max(...heardInTurn)).toBeLessThanOrEqual(Math.ceil(4096 / "data: 1\n\n".length));
});

test("stops in the middle of a flood, and is silent from then on", async () => {
  const server = await aServer((response) => {
    openStream(response);
    response.write("data: 1\n\n".repeat(100_000));
  });
  const { stream, listener } = aStream({ url: server.url });
  await until(() => listener.messages.length > 0);
  await stream.stop();
  const heard = listener.messages.length;
  await until(() => server.open.length === 0);
  expect(listener.messages.length).toBe(heard);
  expect(listener.states).toEqual(["connecting", "online"]);
});

test("an id that no header can hold is not sent", async () => {
  const server = await aServer();
  const { listener } = aStream({ url: server.url });
  await until(() => server.open.length === 1);
  server.open[0]?.end("id: a\u0001b\ndata: one\n\n");
  await until(() => listener.state.startsWith("offline"));
  await vi.advanceTimersByTimeAsync(1000);
  await until(() => server.requests.length === 2);
  expect(server.requests[1]?.headers).not.toHaveProperty("last-event-id");
});

test("follows a redirect within the same place, and none to another", async () => {
  const other = await aServer();
  const server = await aServer((response, { url }) => {
    if (url === "/v2") openStream(response);
    else response.writeHead(307, { location: url === "/events" ? "/v2" : other.url.href }).end("moved");
  });
  const { listener } = aStream({ url: server.url, auth: { kind: "bearer", token: "secret" } });
  await until(() => listener.state === "online");
  expect(server.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ["/events", "Bearer secret"],
    ["/v2", "Bearer secret"],
  ]);
  const strayed = aStream({ url: new URL("/away", server.url) });
  await until(() => strayed.listener.state.startsWith("offline"));
  expect(strayed.listener.state).toContain(`redirects to ${other.url}, which is another place`);
  expect(other.requests).toEqual([]);
});

test("a redirect in a circle ends", async () => {
  const server = await aServer((response) => response.writeHead(302, { location: "/events" }).end());
  const { listener } = aStream({ url: server.url });
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(`offline ${server.url} answered 302`);
  expect(server.requests).toHaveLength(4);
});

test("what a refusal has to say at length is not read", async () => {
  const server = await aServer((response) => {
    response.writeHead(500);
    response.write("x".repeat(1_000_000));
  });
  const { listener } = aStream({ url: server.url });
  await until(() => listener.state.startsWith("offline"));
  expect(listener.state).toBe(`offline ${server.url} answered 500`);
  await until(() => server.open.length === 0);
});

test("a server that tells, ends and says when to come again is asked again and again, and the log is kept short", async () => {
  const server = await aServer((response) => {
    openStream(response);
    response.end("retry: 2000\nid: 1\ndata: a\n\n");
  });
  const { listener, log, waits } = aStream({ url: server.url });
  for (let round = 1; round <= 6; round += 1) {
    await until(() => listener.messages.length === round && listener.state.startsWith("connecting "));
    await vi.advanceTimersByTimeAsync(2000);
  }
  expect(waits).toEqual([]);
  expect(log.lines.filter(({ message }) => message === "online")).toHaveLength(1);
});

test("an event to go on from that the server does not know is forgotten", async () => {
  const server = await aServer((response, { headers }) => {
    if (headers["last-event-id"] !== undefined) return response.writeHead(400).end();
    openStream(response);
    return response.end("id: 1\ndata: a\n\n");
  });
  const { listener, waits } = aStream({ url: server.url });
  await vi.advanceTimersByTimeAsync(await nextOf(waits));
  await vi.advanceTimersByTimeAsync(await nextOf(waits));
  await until(() => listener.messages.length === 2);
  expect(server.requests.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "1", undefined]);
});
