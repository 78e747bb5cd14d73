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
});
