import { afterEach, describe, expect, test } from "vitest";
import mqtt from "../../../adapters/mqtt/index.js";
import type { Adapter } from "../../../src/core/adapter.js";
import { closedDoor } from "../../support/closed-door.js";
import { aDevice } from "../../support/fake-device.js";
import { RecordingLog } from "../../support/recording-log.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { TestBroker } from "./test-broker.js";

const lamp = aDevice({
  channels: { power: { value: { kind: "switch" }, address: { state: "lamp", command: "lamp/set", qos: 1 } } },
});
const turnOn = { id: "1", device: "kitchen-lamp", channel: "power", value: true };
const never = new AbortController().signal;

describe("the MQTT adapter", () => {
  const ends: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function aBroker(options: Parameters<typeof TestBroker.open>[0] = {}): Promise<TestBroker> {
    const broker = await TestBroker.open(options);
    ends.push(() => broker.stop());
    return broker;
  }

  async function anAdapter(settings: object, devices = [lamp]) {
    const sink = new RecordingSink();
    const log = new RecordingLog();
    const adapter: Adapter = mqtt.create(settings, { name: "broker", devices, sink, hooks: closedDoor, log });
    ends.push(() => adapter.stop());
    await adapter.start();
    return { adapter, sink, log };
  }

  test("hears a device and what the broker kept of it", async () => {
    const broker = await aBroker();
    await broker.publish("lamp", "OFF", true);
    const { sink } = await anAdapter({ url: broker.url });
    await expect.poll(() => sink.reports).toHaveLength(1);
    await broker.publish("lamp", "ON");
    await expect
      .poll(() => sink.reports)
      .toEqual([
        { device: "kitchen-lamp", readings: { power: false }, freshness: "retained" },
        { device: "kitchen-lamp", readings: { power: true }, freshness: "live" },
      ]);
  });

  test("hears of a device that is added what the broker kept, and disturbs nobody with it", async () => {
    const broker = await aBroker();
    await broker.publish("house/lamps", "OFF", true);
    const near = aDevice({
      id: "near",
      channels: { power: { value: { kind: "switch" }, address: { state: "house/lamps" } } },
    });
    const far = aDevice({
      id: "far",
      channels: { power: { value: { kind: "switch" }, address: { state: "house/+" } } },
    });
    const { adapter, sink } = await anAdapter({ url: broker.url }, [near]);
    await expect.poll(() => sink.reports).toHaveLength(1);
    await broker.publish("house/lamps", "ON");
    await expect.poll(() => sink.reports).toHaveLength(2);
    adapter.carry([near, { ...near, id: "twin" }, far]);
    await expect
      .poll(() => sink.reports.map(({ device }) => device))
      .toEqual(["near", "near", "twin", "far"]);
    expect(broker.subscribed.map(({ topic }) => topic)).toEqual(["house/lamps", "house/+"]);
    await expect.poll(() => broker.unsubscribed).toEqual(["house/lamps"]);
  });

  test("follows a device to its new topic, and hears the old one until the broker has taken the new", async () => {
    const broker = await aBroker({
      authorizeSubscribe: (_client, subscription, callback) => {
        if (subscription.topic === "lamp/new") heldBack.push(() => callback(null, subscription));
        else callback(null, subscription);
      },
    });
    const heldBack: (() => void)[] = [];
    const { adapter, sink } = await anAdapter({ url: broker.url }, [lamp]);
    await expect.poll(() => broker.subscribed).toHaveLength(1);
    const moved = aDevice({
      channels: { power: { value: { kind: "switch" }, address: { state: "lamp/new", command: "lamp/set" } } },
    });
    adapter.carry([moved]);
    await expect.poll(() => heldBack).toHaveLength(1);
    await broker.publish("lamp", "ON");
    await expect.poll(() => sink.reports).toHaveLength(1);
    for (const release of heldBack) release();
    await expect.poll(() => broker.unsubscribed).toEqual(["lamp"]);
    await broker.publish("lamp/new", "OFF");
    await expect
      .poll(() => sink.reports)
      .toMatchObject([{ readings: { power: true } }, { readings: { power: false } }]);
  });

  test("hears the old topic no more once a connection broke before the broker had taken the new", async () => {
    let isSlow = true;
    const asked: string[] = [];
    const broker = await aBroker({
      authorizeSubscribe: (_client, subscription, callback) => {
        asked.push(subscription.topic);
        if (subscription.topic !== "lamp/new" || !isSlow) callback(null, subscription);
      },
    });
    const twin = { ...lamp, id: "twin" };
    const gone = aDevice({
      id: "gone",
      channels: { power: { value: { kind: "switch" }, address: { state: "gone" } } },
    });
    const { adapter, sink } = await anAdapter({ url: broker.url }, [lamp, twin, gone]);
    await expect.poll(() => broker.subscribed).toHaveLength(2);
    const moved = aDevice({
      channels: { power: { value: { kind: "switch" }, address: { state: "lamp/new" } } },
    });
    adapter.carry([moved, twin]);
    await expect.poll(() => asked).toContain("lamp/new");
    isSlow = false;
    await broker.stop();
    await broker.start();
    await expect.poll(() => broker.subscribed, { timeout: 15_000 }).toHaveLength(4);
    await broker.publish("lamp", "ON");
    await broker.publish("lamp/new", "OFF");
    await expect
      .poll(() => sink.reports.map(({ device, readings }) => [device, readings.power]))
      .toEqual([
        ["twin", true],
        ["kitchen-lamp", false],
      ]);
  });

  test("asks for nothing of a device that is gone, also after the broker was away", async () => {
    const broker = await aBroker();
    const other = aDevice({
      id: "other",
      channels: { power: { value: { kind: "switch" }, address: { state: "other" } } },
    });
    const { adapter, sink } = await anAdapter({ url: broker.url }, [lamp, other]);
    await expect.poll(() => broker.subscribed).toHaveLength(2);
    await broker.stop();
    await expect.poll(() => sink.state).toBe("offline");
    adapter.carry([other]);
    await broker.start();
    await expect.poll(() => broker.subscribed, { timeout: 15_000 }).toHaveLength(3);
    expect(broker.subscribed[2]).toEqual({ topic: "other", qos: 0 });
    await expect(adapter.send(turnOn, never)).rejects.toMatchObject({ code: "adapter-failed" });
  });

  test("publishes with the quality and the retain flag of the address", async () => {
    const broker = await aBroker();
    const device = aDevice({
      channels: {
        a: { value: { kind: "switch" }, address: { command: "a" } },
        b: { value: { kind: "switch" }, address: { command: "b", qos: 1, on: 1, off: 0 } },
        c: {
          value: { kind: "level" },
          address: { command: "c", qos: 2, retain: true, template: '{"bri": {value}}' },
        },
      },
    });
    const { adapter, sink } = await anAdapter({ url: broker.url }, [device]);
    await expect.poll(() => sink.state).toBe("online");
    await adapter.send({ ...turnOn, channel: "a" }, never);
    await adapter.send({ ...turnOn, channel: "b" }, never);
    await adapter.send({ ...turnOn, channel: "c", value: 40 }, never);
    expect(broker.published).toEqual([
      { topic: "a", payload: "ON", qos: 0, retain: false },
      { topic: "b", payload: "1", qos: 1, retain: false },
      { topic: "c", payload: '{"bri": 40}', qos: 2, retain: true },
    ]);
  });

  test("rejects a command for a channel that has no command topic", async () => {
    const broker = await aBroker();
    const { adapter } = await anAdapter({ url: broker.url });
    await expect(adapter.send({ ...turnOn, channel: "other" }, never)).rejects.toMatchObject({
      code: "adapter-failed",
    });
  });

  test("announces itself on every connection, and its end where the broker cannot", async () => {
    const broker = await aBroker();
    const status = { topic: "homeroster/status", retain: true, qos: 1 };
    const { adapter, sink } = await anAdapter({
      url: broker.url,
      birth: { ...status, payload: "online" },
      will: { ...status, payload: "offline" },
    });
    await expect.poll(() => broker.published.map(({ payload }) => payload)).toEqual(["online"]);
    await broker.stop();
    await expect.poll(() => sink.state).toBe("offline");
    await broker.start();
    await expect
      .poll(() => broker.published.map(({ payload }) => payload), { timeout: 5000 })
      .toEqual(["online", "offline", "online"]);
    await adapter.stop();
    expect(broker.published.at(-1)).toEqual({ ...status, payload: "offline" });
  });

  test("names the topics that the broker denies, and hears the others", async () => {
    const broker = await aBroker({
      authorizeSubscribe: (_client, subscription, done) =>
        done(null, subscription.topic === "secret" ? null : subscription),
    });
    const device = aDevice({
      channels: {
        power: { value: { kind: "switch" }, address: { state: "lamp" } },
        secret: { value: { kind: "text" }, address: { state: "secret" } },
      },
    });
    const { sink, log } = await anAdapter({ url: broker.url }, [device]);
    await expect
      .poll(() => sink.links.at(-1))
      .toEqual({
        state: "online",
        detail: "the broker denies the subscription to secret",
      });
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: "warn", fields: { filters: ["secret"] } }),
    );
    await broker.publish("lamp", "ON");
    await expect.poll(() => sink.reports).toHaveLength(1);
  });

  test("subscribes to thousands of topics in few packets", async () => {
    const broker = await aBroker();
    const channels = Object.fromEntries(
      Array.from({ length: 1200 }, (_, n) => [
        `c${n}`,
        { value: { kind: "text" } as const, address: { state: `t/${n}` } },
      ]),
    );
    const { sink } = await anAdapter({ url: broker.url }, [aDevice({ channels })]);
    await expect.poll(() => new Set(broker.subscribed.map(({ topic }) => topic)).size).toBe(1200);
    await broker.publish("t/1199", "last");
    await expect.poll(() => sink.reports).toMatchObject([{ readings: { c1199: "last" } }]);
  });

  test("says once at start that discovery is still to come", async () => {
    const broker = await aBroker();
    const { log } = await anAdapter({ url: broker.url, discovery: { homie: true } });
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: "warn",
        message: expect.stringContaining("discovery is not available yet"),
      }),
    );
  });

  test("goes on hearing others while a device sends 600 KB and more", async () => {
    const broker = await aBroker();
    const { sink, log } = await anAdapter({ url: broker.url });
    await expect.poll(() => sink.state).toBe("online");
    await broker.publish("lamp", "x".repeat(600_000));
    await broker.publish("lamp", "x".repeat(5_000_000));
    await broker.publish("lamp", "ON");
    await expect.poll(() => sink.reports).toHaveLength(1);
    expect(sink.links).toHaveLength(2);
    expect(log.lines.filter(({ level }) => level === "warn")).toMatchObject([
      { message: "kitchen-lamp: dropped a message of 600000 bytes; 65536 are the limit" },
    ]);
  });
});
