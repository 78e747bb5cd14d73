import { expect, test } from "vitest";
import { aDevice } from "../support/fake-device.js";
import { anApp } from "./an-app.js";

/** The samples that are ours, by name and labels. */
async function samplesOf({
  get,
}: Awaited<ReturnType<typeof anApp>>): Promise<Readonly<Record<string, number>>> {
  const reply = await get("/metrics");
  expect(reply.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  return Object.fromEntries(
    [...reply.body.matchAll(/^(\w+(?:{[^}]*})?) (\S+)$/gm)].map(([, name = "", value]) => [
      name,
      Number(value),
    ]),
  );
}

test("tells what was counted since the start, also before the first asking", async () => {
  const app = await anApp({
    readiness: () => ({
      ready: false,
      links: [
        { name: "xmpp", state: "online" },
        { name: "broker", state: "offline" },
      ],
    }),
  });
  const { gateway, get } = app;
  await get("/api/v1/devices");
  gateway.setDevice(aDevice({ id: "door", channels: { bell: { value: { kind: "event" } } } }));
  gateway.report("kitchen-lamp", { power: true, brightness: 40 });
  gateway.emitEvent("door", "bell", { type: "ring" });
  gateway.setAvailability("door", "offline");
  const request = { device: "kitchen-lamp", channel: "power", value: true };
  await gateway.execute("alice@house.test", request).receipt;
  gateway.answer = () => ({ receipt: "timed-out" });
  await gateway.execute("token:phone", request).receipt;

  expect(await samplesOf(app)).toMatchObject({
    'homeroster_info{version="1.2.3"}': 1,
    'homeroster_devices{availability="online"}': 1,
    'homeroster_devices{availability="offline"}': 1,
    'homeroster_devices{availability="unknown"}': 0,
    'homeroster_link_up{link="xmpp"}': 1,
    'homeroster_link_up{link="broker"}': 0,
    homeroster_event_streams: 0,
    homeroster_states_total: 2,
    homeroster_events_total: 1,
    'homeroster_commands_total{receipt="confirmed"}': 1,
    'homeroster_commands_total{receipt="timed-out"}': 1,
    homeroster_command_confirmation_seconds_count: 1,
    'homeroster_http_responses_total{status="200"}': 1,
    process_resident_memory_bytes: expect.any(Number),
    nodejs_eventloop_lag_p99_seconds: expect.any(Number),
  });
});

test("what was counted once stays, and what comes is added", async () => {
  const app = await anApp();
  const request = { device: "kitchen-lamp", channel: "power", value: true };
  await app.gateway.execute("token:phone", request).receipt;
  await samplesOf(app);
  await app.gateway.execute("token:phone", request).receipt;

  expect(await samplesOf(app)).toMatchObject({
    'homeroster_commands_total{receipt="confirmed"}': 2,
    homeroster_command_confirmation_seconds_count: 2,
    // That of the first look.
    'homeroster_http_responses_total{status="200"}': 1,
  });
});

test("a link that is gone from the configuration is gone from the metrics", async () => {
  const links = [{ name: "broker", state: "online" }];
  const app = await anApp({ readiness: () => ({ ready: true, links: [...links] }) });
  await samplesOf(app);
  links.pop();

  expect(Object.keys(await samplesOf(app)).filter((name) => name.includes("link_up"))).toEqual([]);
});

test("no device has a sample of its own", async () => {
  const app = await anApp();

  expect(Object.keys(await samplesOf(app)).join("\n")).not.toContain("kitchen-lamp");
});

test("wants a token, of whom may see the house", async () => {
  const { app, get, gateway } = await anApp();

  expect((await app.inject({ url: "/metrics", headers: { host: "localhost" } })).statusCode).toBe(401);
  gateway.allows = () => false;
  expect((await get("/metrics")).statusCode).toBe(403);
});
