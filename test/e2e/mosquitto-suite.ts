import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StatusDocument } from "../../src/cli/status-document.js";
import type { GatewayProcess } from "../support/gateway-process.js";
import { startMosquitto, type TestMosquitto, type TestSubscriber } from "../support/mosquitto.js";
import type { TestXmppServer } from "../support/xmpp-server.js";
import { type OwnedHouse, openHouse } from "./owned-house.js";

/** What a house with an MQTT broker owes its owner on every XMPP server. */
export function mosquittoSuite(start: () => Promise<TestXmppServer>): void {
  let broker: TestMosquitto;
  let house: OwnedHouse;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    broker = await startMosquitto();
    house = await openHouse(
      start,
      `
home: { name: Our house, language: en, timezone: Europe/Berlin, units: metric }
adapters:
  broker: { kind: mqtt, url: ${broker.url} }
groups: { downstairs: { label: Downstairs, devices: [kitchen-lamp, outside] } }
devices:
  kitchen-lamp: { label: Kitchen lamp, room: Kitchen, type: tasmota/plug, class: light, adapter: broker, address: { topic: kitchen } }
  outside:
    label: Outside
    adapter: broker
    address: { availability: { topic: weather/online, online: "1", offline: "0" } }
    channels:
      temperature: { value: { kind: number, unit: "°C" }, address: { state: weather/outside, extract: "$.temp" } }
      siren: { value: switch, risk: hazard, address: { state: weather/siren, command: weather/siren/set, on: 1, off: 0, qos: 1 } }
`,
    );
    ({ gateway } = house);
    await broker.pub(["-t", "weather/online", "-m", "1", "-r"]);
    house.subscribe("outside");
    await house.presence("outside", () => true);
  });
  afterAll(async () => {
    await house?.close();
    await broker?.stop();
  });

  test("a value from mosquitto_pub arrives as presence and as an item", async () => {
    const { owner, server } = house;
    owner.do({ do: "follow", service: server.pubsub, node: "iot.house.test/outside" });
    await owner.hear("the subscription", ({ got }) => got === "followed");
    await broker.pub(["-t", "weather/outside", "-m", '{"temp": 21.4}']);
    await house.presence("outside", ({ status }) => status.includes("21.4 °C"));
    await owner.hear(
      "the item",
      ({ got, values }) => got === "item" && (values as Record<string, string>).temperature === "21.4",
    );
  });

  describe("a siren that is a hazard", () => {
    let wire: TestSubscriber;
    beforeEach(async () => {
      wire = broker.sub(["-t", "weather/siren/set", "-q", "1", "-F", "%q %r %t %p"]);
      await wire.ready;
      return () => wire.stop();
    });

    test("sounds only with the code, at QoS 1, not retained", async () => {
      const question = await house.ask("outside", "siren on");
      const code = /"yes (\d+)"/.exec(question)?.[1];
      expect(wire.lines).toEqual([]);
      house.say("outside", `yes ${code}`);
      await expect.poll(() => wire.lines).toEqual(["1 0 weather/siren/set 1"]);
      await broker.pub(["-t", "weather/siren", "-m", "1"]);
      expect(await house.answer("outside")).toMatch(/is on\.$/);
    });

    test("is silenced at once", async () => {
      house.say("outside", "siren off");
      await expect.poll(() => wire.lines).toEqual(["1 0 weather/siren/set 0"]);
      await broker.pub(["-t", "weather/siren", "-m", "0"]);
      expect(await house.answer("outside")).toMatch(/is off\.$/);
    });
  });

  test.each([
    ["siren sideways", /on.*off/],
    ["volume 3", /no channel|did you mean|has/i],
    ["temperature 20", /only be read|read-only/i],
  ])("%s gets a clear sentence", async (body, sentence) => {
    expect(await house.ask("outside", body)).toMatch(sentence);
  });

  test("the broker's death and return are seen, and the values are right after", async () => {
    house.owner.forget();
    await broker.kill();
    await house.presence("outside", ({ type }) => type === "unavailable");
    await broker.restart();
    await house.presence("outside", ({ type, status }) => type === "xa" && status.startsWith("last known"));
    await broker.pub(["-t", "weather/online", "-m", "1", "-r"]);
    await broker.pub(["-t", "weather/outside", "-m", '{"temp": 3.5}']);
    await house.presence("outside", ({ status }) => status.includes("3.5 °C"));
  });

  test("HTTP tells the same, and commands", async () => {
    const { http }: StatusDocument = await gateway.status();
    const token = (await readFile(join(gateway.dataDir, "admin-token"), "utf8")).trim();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const device = (await (await fetch(`${http.url}/api/v1/devices/outside`, { headers })).json()) as {
      channels: { temperature: { state: { value: number } } };
    };
    expect(device.channels.temperature.state.value).toBe(3.5);
    const url = `${http.url}/api/v1/devices/outside/channels/siren/command`;
    const refused = await fetch(url, { method: "POST", headers, body: JSON.stringify({ value: true }) });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      428,
      "confirmation-required",
    ]);
    expect((await fetch(`${http.url}/readyz`)).status).toBe(200);
  });

  test("a clean stop tells what became of a command under way, and leaves nobody online", async () => {
    const { http } = await gateway.status();
    const token = (await readFile(join(gateway.dataDir, "admin-token"), "utf8")).trim();
    const wire = broker.sub(["-t", "cmnd/kitchen/POWER"]);
    await wire.ready;
    const answer = fetch(`${http.url}/api/v1/devices/kitchen-lamp/channels/power/command`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ value: true }),
    });
    // Nobody is there to obey.
    await expect.poll(() => wire.lines).toHaveLength(1);
    await wire.stop();
    expect(await gateway.end("SIGTERM")).toBe(0);
    expect(await (await answer).json()).toMatchObject({ receipt: "unknown" });
    await house.presence("outside", ({ type }) => type === "unavailable");
  });
}
