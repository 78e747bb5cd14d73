import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { charsetOf } from "../../../../adapters/serial/charset.js";
import { Exchange } from "../../../../adapters/serial/frames/exchange.js";
import { Listening } from "../../../../adapters/serial/frames/listening.js";
import { readFrameDevice } from "../../../../adapters/serial/frames/wiring.js";
import { framerOf } from "../../../../adapters/serial/framing/settings.js";
import type { Device } from "../../../../src/core/device.js";
import { aDevice } from "../../../support/fake-device.js";
import { RecordingSink } from "../../../support/recording-sink.js";
import { silentLog } from "../../../support/silent-log.js";

const number = { kind: "number" } as const;

/** What answers with a number and says no word of what it is. */
function aGauge(id: string, poll: object) {
  return aDevice({
    id,
    address: { poll: { send: `${id}?\n`, ...poll } },
    channels: { level: { value: number, address: {} } },
  });
}

/** A line whose time is that of the test. */
function anExchange(...devices: readonly Device[]) {
  const [sink, charset] = [new RecordingSink(), charsetOf("utf8")];
  const framer = framerOf({ kind: "line", max: 1024, start: new Uint8Array() });
  const exchange = new Exchange(
    new Listening({ framer, isSure: false, charset, sink, log: silentLog }),
    sink,
  );
  const asked: string[] = [];
  let closed: AbortSignal | undefined;
  const open = () =>
    exchange.open({
      write: async (bytes, signal) => {
        closed = signal;
        asked.push(charset.decode(bytes).trim());
      },
    });
  const wired = devices.map(({ id, address, channels }) => {
    const { wiring, problems } = readFrameDevice(
      { address, channels: Object.fromEntries(channels) },
      { charset, checksum: undefined },
    );
    expect(problems).toEqual([]);
    return [id, wiring] as const;
  });
  exchange.carry(new Map(wired));
  return {
    exchange,
    sink,
    asked,
    open,
    listeners: () => (closed === undefined ? 0 : getEventListeners(closed, "abort").length),
    say: (text: string) => exchange.hear(Buffer.from(text)),
    levels: () => sink.reports.map(({ device, readings }) => `${device}=${readings.level}`),
  };
}

describe("questions on a line, in time,", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test("leave nothing behind when they are answered", async () => {
    const line = anExchange(aGauge("a", { every: "100ms" }));
    line.open();
    await vi.advanceTimersByTimeAsync(60);
    for (let count = 0; count < 50; count += 1) {
      line.say(`${count}\n`);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(line.asked.length).toBeGreaterThan(50);
    expect(line.listeners()).toBeLessThanOrEqual(1);
    line.exchange.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("take one answer each where it says no word of what it is", async () => {
    const line = anExchange(aGauge("a", { every: "1h" }));
    line.open();
    await vi.advanceTimersByTimeAsync(60);
    line.say("1\n2\n");
    await vi.advanceTimersByTimeAsync(0);
    line.say("3\n");
    expect(line.levels()).toEqual(["a=1"]);
    line.exchange.close();
  });

  test("never take the late answer to another question for their own", async () => {
    const line = anExchange(
      aGauge("a", { every: "1h", timeout: "1s", retries: 0 }),
      aGauge("b", { every: "1h", timeout: "1s", retries: 0 }),
    );
    line.open();
    await vi.advanceTimersByTimeAsync(2_900);
    expect(line.asked).toEqual(["a?"]);
    line.say("1\n");
    await vi.advanceTimersByTimeAsync(200);
    expect(line.asked).toEqual(["a?", "b?"]);
    line.say("2\n");
    expect(line.levels()).toEqual(["b=2"]);
    line.exchange.close();
  });

  test("never take the second of two answers to a repeated question for their own", async () => {
    const line = anExchange(
      aGauge("a", { every: "1h", timeout: "1s", retries: 1 }),
      aGauge("b", { every: "1h", timeout: "1s", retries: 0 }),
    );
    line.open();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(line.asked).toEqual(["a?", "a?"]);
    line.say("1\n");
    await vi.advanceTimersByTimeAsync(1_000);
    line.say("1\n");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(line.asked).toEqual(["a?", "a?", "b?"]);
    line.say("2\n");
    expect(line.levels()).toEqual(["a=1", "b=2"]);
    line.exchange.close();
  });

  test("that know their own answers do not wait for those of others", async () => {
    const scale = aDevice({
      id: "scale",
      address: { poll: { send: "W?\n", every: "1h" } },
      channels: { level: { value: number, address: { key: "W" } } },
    });
    const line = anExchange(aGauge("a", { every: "1h", timeout: "1s", retries: 0 }), scale);
    line.open();
    await vi.advanceTimersByTimeAsync(1_001);
    expect(line.asked).toEqual(["a?", "W?"]);
    line.say("W=2\n");
    expect(line.levels()).toEqual(["scale=2"]);
    line.exchange.close();
  });

  test("count as missed after their retries, three in a row make a device offline, and it is asked less often then", async () => {
    const line = anExchange(aGauge("a", { every: "5s", timeout: "1s", retries: 1 }));
    line.open();
    await vi.advanceTimersByTimeAsync(11_900);
    expect(line.asked).toHaveLength(6);
    expect(line.sink.availabilities).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(line.sink.availabilities).toMatchObject([
      { status: "offline", why: { text: "It does not answer." } },
    ]);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(line.asked).toHaveLength(6);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(line.asked.length).toBeGreaterThan(6);
    line.exchange.close();
  });

  test("end with the port, and begin anew with the next", async () => {
    const line = anExchange(aGauge("a", { every: "1h" }));
    line.open();
    await vi.advanceTimersByTimeAsync(60);
    line.exchange.close();
    line.say("1\n");
    expect(vi.getTimerCount()).toBe(0);
    line.open();
    await vi.advanceTimersByTimeAsync(60);
    line.say("2\n");
    expect(line.levels()).toEqual(["a=2"]);
    expect(line.asked).toEqual(["a?", "a?"]);
    line.exchange.close();
  });

  test("of several devices do not all begin at once, and each keeps its interval", async () => {
    vi.mocked(Math.random).mockReturnValue(0.5);
    const line = anExchange(aGauge("a", { every: "10s" }), aGauge("b", { every: "10s" }));
    line.open();
    await vi.advanceTimersByTimeAsync(100);
    line.say("1\n");
    await vi.advanceTimersByTimeAsync(100);
    expect(line.asked).toEqual(["a?"]);
    await vi.advanceTimersByTimeAsync(100);
    expect(line.asked).toEqual(["a?", "b?"]);
    line.say("2\n");
    await vi.advanceTimersByTimeAsync(9_600);
    expect(line.asked).toEqual(["a?", "b?"]);
    await vi.advanceTimersByTimeAsync(200);
    line.say("3\n");
    await vi.advanceTimersByTimeAsync(300);
    expect(line.asked).toEqual(["a?", "b?", "a?", "b?"]);
    line.exchange.close();
  });

  test("are asked again 0.1, 1 and 3 s after a command, and then at their interval", async () => {
    const gauge = aDevice({
      id: "a",
      address: { poll: { send: "a?\n", every: "1h" } },
      channels: { level: { value: number, address: { key: "L", send: "L={value}\n" } } },
    });
    const line = anExchange(gauge);
    line.open();
    line.say("L=1\n");
    await vi.advanceTimersByTimeAsync(10_000);
    const never = new AbortController().signal;
    await line.exchange.send({ id: "1", device: "a", channel: "level", value: 2 }, never);
    const times: number[] = [];
    for (let time = 0; time <= 60_000; time += 50) {
      const before = line.asked.length;
      await vi.advanceTimersByTimeAsync(50);
      if (line.asked.length > before) times.push(time + 50);
      line.say("L=2\n");
    }
    expect(line.asked.slice(0, 2)).toEqual(["a?", "L=2"]);
    expect(times).toEqual([100, 1000, 3000]);
    line.exchange.close();
  });
});

describe("what is heard on a line, in time,", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const both = aDevice({
    id: "both",
    address: {},
    channels: {
      level: { value: number, address: {} },
      pressure: { value: number, address: { match: "^P=(.*)$" } },
      flow: { value: number, address: { match: "F=(.*)$" } },
    },
  });

  test("right after the opening may have lost its beginning: only what cannot be mistaken counts", async () => {
    const line = anExchange(both);
    line.open();
    await vi.advanceTimersByTimeAsync(49);
    line.say("5\n6\n");
    expect(line.sink.reports.map(({ readings }) => readings)).toEqual([{ level: 6 }]);
    line.exchange.close();
    line.open();
    line.say("F=5\nF=15\n");
    line.exchange.close();
    line.open();
    line.say("P=5\n");
    expect(line.sink.reports.slice(1).map(({ readings }) => readings)).toEqual([
      { flow: 15 },
      { pressure: 5 },
    ]);
    line.exchange.close();
  });

  test("later is whole", async () => {
    const line = anExchange(both);
    line.open();
    await vi.advanceTimersByTimeAsync(51);
    line.say("5\n");
    expect(line.sink.reports.map(({ readings }) => readings)).toEqual([{ level: 5 }]);
    line.exchange.close();
  });

  test("keeps a device online that says it reports at intervals; three of them in silence, and it is offline", async () => {
    const sensor = { ...both, id: "sensor", address: { every: "10s" } };
    const line = anExchange(sensor);
    line.open();
    await vi.advanceTimersByTimeAsync(29_000);
    line.say("P=1\n");
    await vi.advanceTimersByTimeAsync(29_999);
    expect(line.sink.availabilities).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(line.sink.availabilities).toMatchObject([
      { device: "sensor", status: "offline", why: { text: "Nothing was heard for 30 s." } },
    ]);
    line.say("nonsense\n");
    expect(line.sink.availabilities).toHaveLength(1);
    line.say("P=2\n");
    expect(line.sink.availabilities.at(-1)).toEqual({ device: "sensor", status: "online" });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(line.sink.availabilities.at(-1)?.status).toBe("offline");
    line.exchange.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
