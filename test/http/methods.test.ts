import { expect, test } from "vitest";
import { anApp } from "./an-app.js";

test.each([
  ["DELETE", "/api/v1/devices", "GET, HEAD, OPTIONS"],
  ["GET", "/api/v1/devices/kitchen-lamp/channels/power/command", "OPTIONS, POST"],
  ["POST", "/api/v1/events", "GET, HEAD, OPTIONS"],
  ["PUT", "/healthz", "GET, HEAD, OPTIONS"],
] as const)("%s %s is a 405 problem that tells the methods there are", async (method, url, allow) => {
  const { app, headers } = await anApp();

  const reply = await app.inject({
    method,
    url,
    headers: { ...headers, "content-type": "text/plain" },
    ...(method === "GET" ? {} : { payload: "anything" }),
  });

  expect(reply.statusCode).toBe(405);
  expect(reply.headers.allow).toBe(allow);
  expect(reply.json()).toMatchObject({ status: 405, code: "method-not-allowed" });
});

test("OPTIONS tells the methods, but nothing that another origin could use, and not without a token", async () => {
  const { app, headers } = await anApp();
  const preflight = { origin: "https://evil.example", "access-control-request-method": "POST" };
  const url = "/api/v1/devices/kitchen-lamp/channels/power/command";

  const reply = await app.inject({ method: "OPTIONS", url, headers: { ...headers, ...preflight } });
  const without = await app.inject({ method: "OPTIONS", url, headers: { host: "localhost", ...preflight } });

  expect([reply.statusCode, reply.headers.allow]).toEqual([204, "OPTIONS, POST"]);
  expect(Object.keys(reply.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect(without.statusCode).toBe(401);
});

test.each(["/api/v1/devices", "/healthz"])("HEAD %s answers like GET, without the body", async (url) => {
  const { app, headers, get } = await anApp();

  const reply = await app.inject({ method: "HEAD", url, headers });

  expect([reply.statusCode, reply.body]).toEqual([200, ""]);
  expect(reply.headers["content-length"]).toBe((await get(url)).headers["content-length"]);
});

test("a method that no route has is 501", async () => {
  const { app, headers } = await anApp();

  const reply = await app.inject({ method: "PROPFIND" as "GET", url: "/api/v1/devices", headers });

  expect(reply.statusCode).toBe(501);
  expect(reply.json()).toMatchObject({
    code: "method-unknown",
    detail: "The method PROPFIND is not known here.",
  });
});
