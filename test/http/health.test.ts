import { expect, test } from "vitest";
import { anApp } from "./an-app.js";

const headers = { host: "localhost" };

test("the process is alive whatever its links do, and says so without a token", async () => {
  const { app } = await anApp({ readiness: () => ({ ready: false, links: [] }) });

  expect((await app.inject({ url: "/healthz", headers })).statusCode).toBe(200);
});

test("it is ready when every link is up", async () => {
  const links = [{ name: "xmpp", state: "online" }];
  const { app } = await anApp({ readiness: () => ({ ready: true, links }) });

  const reply = await app.inject({ url: "/readyz", headers });

  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toEqual({ ready: true, links });
});

test("a link that is down makes it 503, with the state of each", async () => {
  const links = [
    { name: "xmpp", state: "offline" },
    { name: "broker", state: "online" },
  ];
  const { app } = await anApp({ readiness: () => ({ ready: false, links }) });

  const reply = await app.inject({ url: "/readyz", headers });

  expect(reply.statusCode).toBe(503);
  expect(reply.json()).toMatchObject({ status: 503, code: "not-ready", ready: false, links });
});
