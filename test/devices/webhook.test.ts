import { createHash, randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import http from "../../adapters/http/index.js";
import { House } from "../../src/core/house.js";
import { buildApp } from "../../src/http/app.js";
import { Tokens } from "../../src/http/tokens.js";
import { MemoryStore } from "../support/memory-store.js";
import { silentLog } from "../support/silent-log.js";
import { readModel } from "./model.js";

/** A house with the button, behind the real server, and what it was told. */
async function aHouseWithButton(address: object) {
  const token = randomBytes(32).toString("base64url");
  const hash = `sha256:${createHash("sha256").update(token).digest("hex")}`;
  const { device } = await readModel("webhook/button", { ...address, name: "hall", token: hash });
  const house = new House({ epoch: 1, roleOf: () => "viewer", log: silentLog });
  house.put({ ...device, adapter: "web" });
  house.carry("web", "http", (context) => http.create({}, context));
  await house.start();
  const events: string[] = [];
  house.on("event", ({ event }) => events.push(event.type));
  const app = buildApp({
    gateway: house,
    hooks: house.hooks,
    tokens: new Tokens(new MemoryStore()),
    host: "127.0.0.1",
    version: "1.2.3",
    jidOf: (id) => `${id}@iot.house.test`,
    readiness: () => ({ ready: true, links: [] }),
    log: silentLog,
  });
  const url = `${await app.listen({ port: 0, host: "127.0.0.1" })}/hooks/hall`;
  onTestFinished(async () => {
    await app.close();
    await house.stop();
  });
  return { url, token, events };
}

test("devices/webhook/button.yaml understands a text, JSON, and what stands behind the URL", async () => {
  const { url, token, events } = await aHouseWithButton({});
  const authorization = `Bearer ${token}`;
  const post = async (init: object, place = url) => (await fetch(place, { method: "POST", ...init })).status;
  const json = { "content-type": "application/json" };
  expect(await post({ headers: { authorization }, body: "pressed" })).toBe(202);
  expect(await post({ headers: { authorization, ...json }, body: '{"type":"double"}' })).toBe(202);
  expect(await post({ headers: { authorization } }, `${url}?type=long`)).toBe(202);
  expect(await post({ headers: { authorization: "Bearer wrong" }, body: "pressed" })).toBe(401);
  expect((await fetch(`${url}?token=${token}&type=opened`)).status).toBe(405);
  expect(events).toEqual(["pressed", "double", "long"]);
});

test("devices/webhook/button.yaml is called with GET where it says so", async () => {
  const { url, token, events } = await aHouseWithButton({ "calls-by": "get" });
  expect((await fetch(`${url}?token=${token}&type=single_push`)).status).toBe(202);
  expect(events).toEqual(["single_push"]);
});
