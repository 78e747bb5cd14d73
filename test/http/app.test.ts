import { hostname } from "node:os";
import { expect, test } from "vitest";
import { anApp } from "./an-app.js";

const command = "/api/v1/devices/kitchen-lamp/channels/power/command";

test.each(["/api/v1/devices", "/%61pi/v1/devices", "/api/v1/nothing", command])(
  "%s without a token is 401 and asks for one",
  async (url) => {
    const { app } = await anApp();

    const reply = await app.inject({ url, headers: { host: "localhost" } });

    expect(reply.statusCode).toBe(401);
    expect(reply.headers["www-authenticate"]).toBe("Bearer");
    expect(reply.json()).toMatchObject({ status: 401, code: "unauthorized" });
  },
);

test.each(["Bearer wrong", "Bearer ", "Basic dXNlcjpwYXNz", "wrong"])(
  "the authorization %j opens nothing",
  async (authorization) => {
    const { app } = await anApp();

    const reply = await app.inject({ url: "/api/v1/devices", headers: { host: "localhost", authorization } });

    expect(reply.statusCode).toBe(401);
    expect(reply.headers["www-authenticate"]).toMatch(/^Bearer/);
  },
);

test.each(["localhost", "LOCALHOST:8480", "127.0.0.1:1", "[::1]:8480", "192.168.7.7", `${hostname()}:8480`])(
  "the Host %s is ours where we listen on 192.168.7.7",
  async (host) => {
    const { app } = await anApp({ host: "192.168.7.7" });

    expect((await app.inject({ url: "/healthz", headers: { host } })).statusCode).toBe(200);
  },
);

test.each(["evil.example", "127.0.0.1.evil.example", "192.168.7.8", "localhost:80:80"])(
  "the Host %j is another server's, on every route",
  async (host) => {
    const { app, headers } = await anApp({ host: "192.168.7.7" });

    for (const url of ["/healthz", "/api/v1/devices", "/nothing"]) {
      const reply = await app.inject({ url, headers: { ...headers, host } });
      expect(reply.statusCode).toBe(421);
      expect(reply.json()).toMatchObject({ code: "host-unknown" });
    }
  },
);

test("where we listen on all addresses, each may be named in numbers, but no foreign name", async () => {
  const { app } = await anApp({ host: "0.0.0.0" });
  const statusFor = async (host: string) =>
    (await app.inject({ url: "/healthz", headers: { host } })).statusCode;

  expect(await statusFor("192.168.7.7:8480")).toBe(200);
  expect(await statusFor("[fd00::7]:8480")).toBe(200);
  expect(await statusFor("evil.example:8480")).toBe(421);
});

test.each(["/nothing", "/api/v1/nothing", "/api/v1/devices/", "/api/v1/devices/a/b/c"])(
  "%s is a 404 problem",
  async (url) => {
    const { get } = await anApp();

    const reply = await get(url);

    expect(reply.statusCode).toBe(404);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(reply.json()).toMatchObject({ status: 404, title: expect.any(String) });
  },
);

test.each([
  [
    "a body over 64 KB",
    "application/json",
    JSON.stringify({ value: "x".repeat(65_536) }),
    413,
    "payload-too-large",
  ],
  ["a form", "application/x-www-form-urlencoded", "value=on", 415, "media-type-unsupported"],
  ["plain text", "text/plain", "on", 415, "media-type-unsupported"],
  ["half an object", "application/json", '{"value": ', 400, "request-invalid"],
  ["a prototype", "application/json", '{"value": 1, "__proto__": {}}', 400, "request-invalid"],
  ["nothing", "application/json", "", 400, "request-invalid"],
])("%s is refused with the right problem", async (_what, type, payload, status, code) => {
  const { app, headers, gateway } = await anApp();

  const reply = await app.inject({
    method: "POST",
    url: command,
    headers: { ...headers, "content-type": type },
    payload,
  });

  expect(reply.statusCode).toBe(status);
  expect(reply.headers["content-type"]).toBe("application/problem+json");
  expect(reply.json()).toMatchObject({ status, code });
  expect(gateway.executed).toEqual([]);
});

test("a compressed body is refused, for it was not looked at how large it is", async () => {
  const { app, headers, gateway } = await anApp();

  const reply = await app.inject({
    method: "POST",
    url: command,
    headers: { ...headers, "content-type": "application/json", "content-encoding": "gzip" },
    payload: '{"value": true}',
  });

  expect(reply.statusCode).toBe(415);
  expect(reply.json()).toMatchObject({ detail: "The body has to come without a Content-Encoding." });
  expect(gateway.executed).toEqual([]);
});

test("a name longer than any is a 404 problem", async () => {
  const { get } = await anApp();

  const reply = await get(`/api/v1/devices/${"x".repeat(200)}`);

  expect(reply.statusCode).toBe(404);
  expect(reply.json()).toMatchObject({
    code: "not-found",
    detail: "Nothing here has a name as long as that.",
  });
});

test("an address that cannot be decoded is a 400 problem", async () => {
  const { get } = await anApp();

  const reply = await get("/api/v1/devices/%zz");

  expect(reply.statusCode).toBe(400);
  expect(reply.json()).toMatchObject({ code: "request-invalid" });
});

test("a mistake of ours is told in the log alone", async () => {
  const { get, gateway, log } = await anApp();
  gateway.allows = () => {
    throw new Error("secret innards");
  };

  const reply = await get("/api/v1/devices");

  expect(reply.statusCode).toBe(500);
  expect(reply.json()).toMatchObject({ code: "internal-error" });
  expect(reply.body).not.toMatch(/secret|stack|\.ts/);
  expect(log.lines).toMatchObject([
    { level: "error", message: "a request failed: secret innards", fields: { err: expect.any(Error) } },
  ]);
});

test("requests leave no line in the log, and no page of another origin may read an answer", async () => {
  const { app, headers, log } = await anApp();

  const reply = await app.inject({
    url: "/api/v1/devices",
    headers: { ...headers, origin: "https://evil.example" },
  });

  expect(reply.headers).not.toHaveProperty("access-control-allow-origin");
  expect(log.lines.filter((line) => line.level !== "debug")).toEqual([]);
});
