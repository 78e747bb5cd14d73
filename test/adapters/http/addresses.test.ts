import { expect, test } from "vitest";
import http from "../../../adapters/http/index.js";
import { readDevice } from "../../../adapters/http/wiring.js";
import type { CommandValue, ValueSpec } from "../../../src/core/value.js";

const lamp: ValueSpec = { kind: "switch" };
const watts: ValueSpec = { kind: "number", unit: "W" };
const status = { url: "http://lamp/status" };
const told = "http://lamp/set?on={value}";

function check(value: ValueSpec, address: unknown, device: unknown = status) {
  return http.checkDevice({ address: device, channels: { it: { value, address } } });
}

function problemsOf(value: ValueSpec, address: unknown, device?: unknown): string[] {
  return check(value, address, device).problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test.each([
  [lamp, { extract: "$.on" }, status, { readable: true, writable: false, staleAfter: 185_000 }],
  [
    lamp,
    {},
    { ...status, every: "10s", timeout: "1s" },
    { readable: true, writable: false, staleAfter: 31_000 },
  ],
  [lamp, { command: told }, status, { readable: false, writable: true }],
  [lamp, { command: told, from: "poll" }, status, { readable: true, writable: true, staleAfter: 185_000 }],
  [
    lamp,
    {
      url: "http://lamp/on",
      every: "1m",
      command: { method: "POST", url: "http://lamp/on", body: "{value}" },
    },
    undefined,
    { readable: true, writable: true, staleAfter: 185_000 },
  ],
  [{ kind: "button" }, { command: "http://lamp/restart" }, status, { readable: false, writable: true }],
  [lamp, { extract: "$.on" }, { events: "http://lamp/events" }, { readable: true, writable: false }],
  [{ kind: "event" }, {}, { ...status, events: "http://lamp/events" }, { readable: true, writable: false }],
  [
    lamp,
    { extract: "$.on", command: { send: '{"on": {value}}' } },
    { events: "ws://lamp/" },
    { readable: true, writable: true },
  ],
  [
    lamp,
    { extract: "$.{relay}", command: "http://{host}/{relay}?turn={value}" },
    { url: "http://{host}/", host: "lamp", relay: "a" },
    { readable: true, writable: true, staleAfter: 185_000 },
  ],
] as const)("of %j may be %j at the device's %j", (value, address, device, access) => {
  expect(check(value, address, device ?? {})).toEqual({ problems: [], access: { it: access } });
});

test("a value of a slow adapter is old no sooner than its last poll could end", () => {
  const device = { address: { ...status, every: "5s" }, channels: { it: { value: lamp, address: {} } } };
  const staleAfter = (settings?: object) => http.checkDevice(device, settings).access.it?.staleAfter;
  expect(staleAfter({ timeout: "30s" })).toBe(45_000);
  expect(staleAfter({ timeout: "so" })).toBe(20_000);
  expect(staleAfter()).toBe(20_000);
});

const it = "channels.it.address";

test.each([
  [lamp, { extract: "$.on" }, {}, `${it}: needs something to read`],
  [
    lamp,
    { extract: "$.on" },
    { url: "lamp/status" },
    "address.url: is no URL of a device; write http://HOST/PATH",
  ],
  [lamp, {}, { url: "file:///etc/passwd" }, "address.url: is no URL of a device"],
  [lamp, {}, { url: "http://me:secret@lamp/" }, "address.url: has a user or password in it; use `auth`"],
  [lamp, {}, { url: "http://lamp/#top" }, "address.url: has a # in it"],
  [
    lamp,
    {},
    { url: "http://{host}/" },
    "address.url: has {host} in it, which stands for nothing; write `host`",
  ],
  [lamp, {}, { ...status, every: "10ms" }, "address.every: is less than 500ms"],
  [lamp, {}, { every: "10s", events: "http://lamp/" }, "address.every: needs a `url` beside it"],
  [lamp, {}, { ...status, mehtod: "POST" }, 'address.mehtod: unknown key "mehtod"; did you mean "method"?'],
  [
    lamp,
    {},
    { ...status, method: "GET", body: "x" },
    "address.body: does not go with GET; write method: POST",
  ],
  [
    lamp,
    {},
    { ...status, body: '{"a": }' },
    "address.body: is no JSON; a text that only looks like it needs",
  ],
  [lamp, {}, { ...status, contentType: "text/plain" }, "address.contentType: needs a `body` beside it"],
  [lamp, {}, { ...status, headers: { Host: "other" } }, "address.headers.Host: belongs to the connection"],
  [lamp, { every: "10s", extract: "$.a" }, status, `${it}.every: needs a \`url\` beside it`],
  [lamp, { body: "x" }, status, `${it}.body: needs a \`url\` beside it`],
  [lamp, { from: "hook" }, status, `${it}.from: is hook, but the device has no \`hook\``],
  [lamp, { from: "poll", url: "http://lamp/" }, status, `${it}.from: stands beside \`url\``],
  [lamp, { command: "http://lamp/on" }, status, `${it}.command: has no {value} in it`],
  [lamp, { command: "http://{value}/on" }, status, `${it}.command.url: has a value in its host`],
  [lamp, { command: "http://lamp:{value}/on" }, status, `${it}.command.url: has a value in its host`],
  [lamp, { command: { body: "{value}" } }, status, `${it}.command.body: needs a \`url\` beside it`],
  [lamp, { command: { send: "{value}" } }, status, `${it}.command.send: needs a WebSocket`],
  [
    lamp,
    { command: { url: told, headers: { "X-On": "{value}" } } },
    status,
    `${it}.command.headers: X-On has {value} in it`,
  ],
  [
    lamp,
    { command: { url: told, method: "TELL" } },
    status,
    `${it}.command.method: "TELL" is not known here`,
  ],
  [
    lamp,
    { command: told, position: told },
    status,
    `${it}.position: does not fit the kind switch; it is for cover`,
  ],
  [{ kind: "cover" }, { position: told }, status, `${it}.position: needs a \`command\` beside it`],
  [
    { kind: "button" },
    { command: "http://lamp/a", url: "http://lamp/" },
    status,
    `${it}.url: does not fit the kind button`,
  ],
  [
    { kind: "contact" },
    { command: told, extract: "$.a" },
    status,
    `${it}.command: does not fit the kind contact`,
  ],
  [watts, { extract: "$.a", on: 1 }, status, `${it}.on: does not fit the kind number`],
] as const)("of %j may not be %j at the device's %j", (value, address, device, problem) => {
  const problems = problemsOf(value, address, device);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

const hostile = `a"b\\c&d=e/../f?g#h<i>'\r\n{value}`;

function saying(value: ValueSpec, address: object, told: CommandValue) {
  const { wiring, problems } = readDevice({ address: {}, channels: { it: { value, address } } });
  expect(problems).toEqual([]);
  const said = wiring.voices.get("it")?.(told);
  return said !== undefined && "request" in said ? said.request : undefined;
}

const text: ValueSpec = { kind: "text" };
const to = (body: string, more: object = {}) => ({ command: { url: "http://lamp/say", body, ...more } });

test("a value stays within the place that it has in a URL", () => {
  const { url = "", method } =
    saying(text, { command: "http://lamp/say/{value}?text={value}&x=1" }, hostile) ?? {};
  const { origin, pathname, searchParams, hash } = new URL(url);
  expect([method, origin, hash]).toEqual(["GET", "http://lamp", ""]);
  expect(pathname.split("/").map(decodeURIComponent)).toEqual(["", "say", hostile]);
  expect([...searchParams]).toEqual([
    ["text", hostile],
    ["x", "1"],
  ]);
});

test.each([".", ".."])("a value that would be another path is refused: %s", (value) => {
  expect(() => saying(text, { command: "http://lamp/say/{value}" }, value)).toThrow(
    expect.objectContaining({ code: "value-invalid" }),
  );
});

test("a value stays within the place that it has in JSON, a form and XML", () => {
  const json = saying(text, to('{"text": "{value}", "raw": {value}}'), hostile);
  expect(JSON.parse(json?.body ?? "")).toEqual({ text: hostile, raw: hostile });
  const form = saying(text, to("text={value}&x=1"), hostile);
  expect([...new URLSearchParams(form?.body)]).toEqual([
    ["text", hostile],
    ["x", "1"],
  ]);
  const xml = saying(text, to("<say text='{value}'>{value}</say>"), `<i>'"&`);
  expect(xml?.body).toBe("<say text='&lt;i&gt;&apos;&quot;&amp;'>&lt;i&gt;&apos;&quot;&amp;</say>");
  expect(() => saying(text, to("<say>{value}</say>"), "\0")).toThrow("that XML cannot carry");
  expect(saying(text, to("{value}", { contentType: "application/json" }), hostile)?.body).toBe(
    JSON.stringify(hostile),
  );
});

test.each([
  [to('{"a": {value}}'), "application/json"],
  [to("a={value}"), "application/x-www-form-urlencoded"],
  [to("<a>{value}</a>"), "application/xml"],
  [to("set {value}"), "text/plain; charset=utf-8"],
  [to("{value}"), "text/plain; charset=utf-8"],
  [to("{value}", { headers: { "Content-Type": "text/x-own" } }), "text/x-own"],
  [to("a={value}", { contentType: "text/x-own" }), "text/x-own"],
])("the type of %j is %s", (address, type) => {
  expect(saying(text, address, "x")).toMatchObject({ method: "POST", headers: { "content-type": type } });
});
