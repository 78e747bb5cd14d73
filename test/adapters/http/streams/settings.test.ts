import { expect, test } from "vitest";
import { events, subscriptionOf } from "../../../../adapters/http/streams/settings.js";
import { jsonSchemaOf, problemsOf } from "../../../../src/schema.js";

const common = { headers: { "x-key": "device" }, auth: { kind: "bearer", token: "t" } as const };

function problemsWith(given: unknown): readonly string[] {
  const parsed = events.safeParse(given);
  return parsed.success
    ? []
    : problemsOf(parsed.error).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("a URL alone says what it is", () => {
  expect(subscriptionOf(events.parse("http://192.0.2.7/events"), common)).toEqual({
    source: {
      url: new URL("http://192.0.2.7/events"),
      kind: "sse",
      headers: { "x-key": "device" },
      auth: { kind: "bearer", token: "t" },
      protocols: [],
      send: [],
    },
  });
  const { source } = subscriptionOf(events.parse("wss://192.0.2.7/rpc"), common);
  expect([source.kind, source.url.href]).toEqual(["websocket", "https://192.0.2.7/rpc"]);
});

test("what stands in `events` comes before what the device says", () => {
  const words = events.parse({
    url: "http://192.0.2.7/rpc",
    kind: "websocket",
    send: '{"id": 1}',
    protocol: ["v2", "v1"],
    silence: "2m",
    auth: { kind: "basic", username: "a", password: "b" },
    headers: { "X-Key": "own" },
  });
  expect(subscriptionOf(words, { ...common, tls: { servername: "hub.example.org" } })).toEqual({
    source: {
      url: new URL("http://192.0.2.7/rpc"),
      kind: "websocket",
      headers: { "x-key": "own" },
      auth: { kind: "basic", username: "a", password: "b" },
      protocols: ["v2", "v1"],
      send: ['{"id": 1}'],
      silence: 120_000,
    },
  });
});

test("names of events are one or several", () => {
  const subscription = (event: unknown) =>
    subscriptionOf(events.parse({ url: "https://192.0.2.7/", event }), {
      headers: {},
      tls: { servername: "hub" },
    });
  expect(subscription("update")).toMatchObject({
    events: ["update"],
    source: { tls: { servername: "hub" } },
  });
  expect(subscription(["add", "update"]).events).toEqual(["add", "update"]);
});

test.each([
  [7, ": is no source; write a URL, or for example { url: http://192.0.2.7/events, event: update }"],
  [
    "mqtt://192.0.2.7",
    ": is no URL of a source; write http://HOST/PATH or https://HOST/PATH, for a WebSocket ws:// or wss://",
  ],
  ["http://a:b@192.0.2.7/", ": has a user or password in it; use `auth`"],
  ["ws://192.0.2.7/#a", ": has a # in it, and what follows is never sent; leave it out, or write %23"],
  [{}, "url: is no URL; write for example http://192.0.2.7/events"],
  [
    { url: "ws://192.0.2.7/", kind: "sse" },
    "url: is that of a WebSocket; for kind: sse write http:// or https://",
  ],
  [{ url: "ws://192.0.2.7/", kind: "mqtt" }, 'kind: "mqtt" is not known here; known: sse, websocket'],
  [{ url: "ws://192.0.2.7/", evnt: "a" }, 'evnt: unknown key "evnt"; did you mean "event"?'],
  [
    { url: "ws://192.0.2.7/", event: "a" },
    "event: goes with server-sent events; messages of a WebSocket have no names",
  ],
  [
    { url: "http://192.0.2.7/", send: "a" },
    "send: goes with a WebSocket; write ws:// or wss://, or kind: websocket",
  ],
  [{ url: "ws://192.0.2.7/", send: { id: 1 } }, "send: is no text, nor a list of them"],
  [
    { url: "ws://192.0.2.7/", protocol: "a b" },
    "protocol: is no name of a subprotocol; write for example v1.json",
  ],
  [{ url: "http://192.0.2.7/", silence: "1s" }, "silence: is less than 5s"],
  [
    { url: "http://192.0.2.7/", tls: { servername: "hub" } },
    "tls: needs a URL that begins with https:// or wss://",
  ],
])("says of %j what would be right", (given, sentence) => {
  expect(problemsWith(given)).toEqual([sentence]);
});

test("editors know the words", () => {
  expect(JSON.stringify(jsonSchemaOf(events))).toContain("What a WebSocket is told each time it has opened.");
});
