import { afterEach, beforeEach, describe, expect, test } from "vitest";
import mqtt from "../../../adapters/mqtt/index.js";
import type { Device } from "../../../src/core/device.js";
import { closedDoor } from "../../support/closed-door.js";
import { aDevice } from "../../support/fake-device.js";
import { startMosquitto, type TestMosquitto } from "../../support/mosquitto.js";
import { RecordingLog } from "../../support/recording-log.js";
import { RecordingSink } from "../../support/recording-sink.js";

/** `outside` of the sample configuration. */
const outside = aDevice({
  id: "outside",
  address: { availability: { topic: "weather/online", online: "1", offline: "0" } },
  channels: {
    temperature: {
      value: { kind: "number", unit: "°C" },
      address: { state: "weather/outside", extract: "$.temp" },
    },
    siren: {
      value: { kind: "switch" },
      address: { state: "weather/siren", command: "weather/siren/set", on: 1, off: 0, qos: 1 },
    },
  },
});
const never = new AbortController().signal;
const siren = (value: boolean) => ({ id: "1", device: "outside", channel: "siren", value });
const patient = { timeout: 15_000 };

describe("with a real Mosquitto, the MQTT adapter", () => {
  const ends: (() => Promise<void>)[] = [];
  let broker: TestMosquitto;

  beforeEach(async () => {
    broker = await startMosquitto();
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await broker.stop();
  });

  async function anAdapter(settings: object = {}, device: Device = outside) {
    const sink = new RecordingSink();
    const log = new RecordingLog();
    const adapter = mqtt.create(
      { url: broker.url, ...settings },
      { name: "broker", devices: [device], sink, hooks: closedDoor, log },
    );
    ends.push(() => adapter.stop());
    await adapter.start();
    await expect.poll(() => sink.state, patient).toBe("online");
    return { adapter, sink, log };
  }

  async function aSubscriber(...parameters: string[]) {
    const subscriber = broker.sub(["-F", "%q %r %t %p", ...parameters]);
    ends.push(() => subscriber.stop());
    await subscriber.ready;
    return subscriber;
  }

  test.each(["3.1.1", 5])("carries values in and commands out over MQTT %s", async (version) => {
    await broker.pub(["-t", "weather/outside", "-m", '{"temp": 3.5}', "-r"]);
    await broker.pub(["-t", "weather/online", "-m", "1", "-r"]);
    const { adapter, sink } = await anAdapter({ version });
    await expect.poll(() => sink.reports).toHaveLength(1);
    await broker.pub(["-t", "weather/outside", "-m", '{"temp": 21.5, "hum": 45}']);
    await broker.pub(["-t", "weather/siren", "-m", "1", "-q", "1"]);
    await expect
      .poll(() => sink.reports)
      .toEqual([
        { device: "outside", readings: { temperature: 3.5 }, freshness: "retained" },
        { device: "outside", readings: { temperature: 21.5 }, freshness: "live" },
        { device: "outside", readings: { siren: true }, freshness: "live" },
      ]);
    expect(sink.availabilities).toEqual([{ device: "outside", status: "online" }]);

    const { lines } = await aSubscriber("-q", "2", "-t", "weather/siren/set");
    await adapter.send(siren(true), never);
    await adapter.send(siren(false), never);
    await expect.poll(() => lines).toEqual(["1 0 weather/siren/set 1", "1 0 weather/siren/set 0"]);
    const late = await aSubscriber("-q", "2", "-t", "weather/siren/set", "-t", "weather/outside");
    await expect.poll(() => late.lines).toEqual(['0 1 weather/outside {"temp": 3.5}']);
  });

  test("keeps a command only where its address says so", async () => {
    const device = aDevice({
      channels: { mode: { value: { kind: "text" }, address: { command: "mode", qos: 2, retain: true } } },
    });
    const { adapter } = await anAdapter({}, device);
    await adapter.send({ id: "1", device: device.id, channel: "mode", value: "away ünïcode" }, never);
    const { lines } = await aSubscriber("-q", "2", "-t", "mode");
    await expect.poll(() => lines).toEqual(["2 1 mode away ünïcode"]);
  });

  test("hears a message once, though several of its wildcards match it", async () => {
    const device = aDevice({
      channels: {
        any: { value: { kind: "text" }, address: { state: "home/#" } },
        some: { value: { kind: "text" }, address: { state: "home/+/bell" } },
        bell: { value: { kind: "event" }, address: { state: "home/door/bell", qos: 1 } },
      },
    });
    const { sink } = await anAdapter({}, device);
    await broker.pub(["-t", "home/door/bell", "-m", "ring", "-q", "1"]);
    await broker.pub(["-t", "home", "-m", "end"]);
    await expect
      .poll(() => sink.reports)
      .toEqual([
        { device: device.id, readings: { any: "ring", some: "ring" }, freshness: "live" },
        { device: device.id, readings: { any: "end" }, freshness: "live" },
      ]);
    expect(sink.events).toEqual([{ device: device.id, channel: "bell", event: { type: "ring" } }]);
  });

  test("finds a killed broker again and subscribes anew", async () => {
    const { adapter, sink } = await anAdapter();
    await broker.kill();
    await expect.poll(() => sink.state).toBe("offline");
    await expect(adapter.send(siren(true), never)).rejects.toMatchObject({ code: "device-offline" });
    await broker.restart();
    await expect.poll(() => sink.state, patient).toBe("online");
    await broker.pub(["-t", "weather/siren", "-m", "0"]);
    await expect.poll(() => sink.reports).toMatchObject([{ readings: { siren: false } }]);
    const { lines } = await aSubscriber("-t", "weather/siren/set");
    await adapter.send(siren(false), never);
    await expect.poll(() => lines).toHaveLength(1);
  });

  test("notices a broker that is stopped, and finds it when it goes on", async () => {
    const { sink } = await anAdapter({ keepalive: 1 });
    broker.signal("SIGSTOP");
    await expect.poll(() => sink.state, patient).toBe("offline");
    expect(sink.links.at(-1)?.detail).toContain("Keepalive timeout");
    broker.signal("SIGCONT");
    await expect.poll(() => sink.state, patient).toBe("online");
    await broker.pub(["-t", "weather/siren", "-m", "1"]);
    await expect.poll(() => sink.reports).toHaveLength(1);
  });

  test("ends when it is stopped, though the broker stands still", async () => {
    const { adapter } = await anAdapter({
      keepalive: 3600,
      will: { topic: "status", payload: "offline", qos: 1 },
    });
    broker.signal("SIGSTOP");
    // Without a bound of its own it would wait for the keepalive.
    await adapter.stop();
    broker.signal("SIGCONT");
  });

  test("leaves its will to the broker, and a birth message", async () => {
    const { lines } = await aSubscriber("-q", "1", "-t", "homeroster/+");
    const status = { topic: "homeroster/status", qos: 1, retain: true };
    const settings = { birth: { ...status, payload: "online" }, will: { ...status, payload: "offline" } };
    const { adapter } = await anAdapter({ ...settings, clientId: "one" });
    await expect.poll(() => lines).toEqual(["1 0 homeroster/status online"]);
    await adapter.stop();
    await expect.poll(() => lines).toEqual(["1 0 homeroster/status online", "1 0 homeroster/status offline"]);
    const { sink } = await anAdapter({ ...settings, clientId: "two" });
    await expect.poll(() => lines).toHaveLength(3);
    // Another client of the same name throws it out without a word.
    await broker.pub(["-i", "two", "-t", "homeroster/other", "-m", "hello"]);
    await expect
      .poll(() => lines.slice(3))
      .toEqual(expect.arrayContaining(["1 0 homeroster/status offline", "1 0 homeroster/status online"]));
    expect(sink.links.map(({ state }) => state)).toContain("offline");
  });
});
