import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CommandValue } from "../../../../src/core/value.js";
import { aDevice } from "../../../support/fake-device.js";
import { openBus, type TestBus } from "./bus.js";

const never = new AbortController().signal;
const volts = { kind: "number", unit: "V" } as const;

/** Read as fast as may be. */
const hasty = { every: "100ms", timeout: "300ms" };

/** Two registers side by side and one apart. */
function aMeter(id: string, unit: number) {
  return aDevice({
    id,
    address: { unit, ...hasty },
    channels: {
      first: { value: volts, address: { register: 0 } },
      second: { value: volts, address: { register: 1 } },
      apart: { value: volts, address: { register: 10 } },
    },
  });
}

/** Two registers far from each other: the answers to both requests look alike. */
function aTwin(id: string, unit: number) {
  return aDevice({
    id,
    address: { unit, ...hasty },
    channels: {
      first: { value: volts, address: { register: 0 } },
      apart: { value: volts, address: { register: 10 } },
    },
  });
}

let bus: TestBus;
beforeEach(async () => {
  bus = await openBus();
  await bus.slave.set(1, "holding", 0, [11, 12, 13, 14]);
  await bus.slave.set(1, "holding", 10, [20]);
  await bus.slave.set(2, "holding", 0, [211, 212]);
  await bus.slave.set(2, "holding", 10, [220]);
});
afterEach(() => bus.close());

const statusOf = (id: string) => bus.sink.availabilities.findLast(({ device }) => device === id)?.status;
const online = (id: string) => expect.poll(() => statusOf(id)).toBe("online");
const offline = (id: string) => expect.poll(() => statusOf(id)).toBe("offline");
const reportsOf = (id: string) => bus.sink.reports.filter(({ device }) => device === id);
const askedOf = (unit: number) => bus.slave.requests.filter((request) => request.unit === unit);

/** All values that a channel ever had. */
function seen(id: string, channel: string) {
  const values = reportsOf(id).flatMap(({ readings }) => (channel in readings ? [readings[channel]] : []));
  return [...new Set(values)];
}

/** Resolves when the device was read once more, from the beginning. */
async function anotherRound(id: string) {
  const { length } = reportsOf(id);
  await expect.poll(() => reportsOf(id).length).toBeGreaterThan(length + 1);
}

test("reads what lies side by side in one request, and reports all of a device at once", async () => {
  bus.carry(aMeter("meter", 1));
  await online("meter");
  await expect.poll(() => reportsOf("meter")).not.toEqual([]);
  expect(reportsOf("meter")[0]?.readings).toEqual({ first: 11, second: 12, apart: 20 });
  expect(bus.slave.requests.slice(0, 2)).toEqual([
    { unit: 1, function: 3, address: 0, count: 2 },
    { unit: 1, function: 3, address: 10, count: 1 },
  ]);
});

describe("on a bad wire", () => {
  test.each(["crc", "flip", "cut", "noise"] as const)(
    "reports nothing wrong where an answer is spoiled (%s), and goes on",
    async (kind) => {
      bus.carry(aMeter("meter", 1), aMeter("other", 2));
      await online("meter");
      await bus.slave.fault(1, kind, 2);
      await anotherRound("meter");
      await anotherRound("other");
      expect(bus.sink.availabilities.map(({ status }) => status)).not.toContain("offline");
      expect([seen("meter", "first"), seen("meter", "second"), seen("meter", "apart")]).toEqual([
        [11],
        [12],
        [20],
      ]);
      expect([seen("other", "first"), seen("other", "apart")]).toEqual([[211], [220]]);
    },
  );

  test("goes on after bytes that nobody asked for, however many", async () => {
    bus.carry(aMeter("meter", 1));
    await online("meter");
    await bus.slave.say("01030255".repeat(2_000));
    await anotherRound("meter");
    expect([seen("meter", "first"), seen("meter", "apart")]).toEqual([[11], [20]]);
  });

  test("never takes a late answer for that of a later question", async () => {
    bus.carry(aTwin("twin", 1), aTwin("other", 2));
    await online("twin");
    // Later than the timeout, so that the answer to the retry comes when something else is asked already.
    await bus.slave.fault(1, "late", 4);
    await anotherRound("twin");
    await anotherRound("twin");
    expect([seen("twin", "first"), seen("twin", "apart")]).toEqual([[11], [20]]);
    expect([seen("other", "first"), seen("other", "apart")]).toEqual([[211], [220]]);
  });

  test("takes nothing wrong from a unit that was away and then says all it owes at once", async () => {
    bus.carry(aTwin("twin", 1));
    await online("twin");
    await bus.slave.fault(1, "hold");
    await offline("twin");
    await bus.slave.fault(1, "none");
    await bus.slave.release();
    await online("twin");
    await anotherRound("twin");
    expect([seen("twin", "first"), seen("twin", "apart")]).toEqual([[11], [20]]);
  });
});

describe("with a silent unit", () => {
  test("tells that it is offline after three rounds, asks the others meanwhile, and finds it again", async () => {
    bus.carry(aMeter("meter", 1), aMeter("other", 2));
    await online("other");
    await bus.slave.fault(2, "silent");
    await offline("other");
    expect(bus.sink.texts).toContain("other offline communication-error: Unit 2 does not answer.");
    // Once it is known to be away it takes little of the bus.
    bus.slave.requests.length = 0;
    await expect.poll(() => askedOf(1).length).toBeGreaterThan(20);
    expect(askedOf(2).length).toBeLessThanOrEqual(2);
    await bus.slave.fault(2, "none");
    await online("other");
    expect(statusOf("meter")).toBe("online");
  });

  test("lets the others go between its retries", async () => {
    await bus.slave.fault(2, "silent");
    bus.carry(aMeter("meter", 1), aMeter("other", 2));
    await expect.poll(() => askedOf(2).length).toBe(3);
    const units = bus.slave.requests.map(({ unit }) => unit);
    expect(units.join("")).not.toContain("22");
  });
});

describe("with registers that are not there", () => {
  const device = aDevice({
    id: "meter",
    address: { unit: 1, ...hasty },
    channels: {
      fourth: { value: volts, address: { register: 3 } },
      missing: { value: volts, address: { register: 4 } },
    },
  });

  test("reads the others, and says which and why", async () => {
    bus.carry(device);
    await expect.poll(() => bus.value("meter", "fourth")).toBe(14);
    await expect
      .poll(() => bus.sink.texts.at(-1))
      .toBe(
        "meter online configuration-error: missing: holding register 4: unit 1 has no such register (illegal data address).",
      );
    expect(seen("meter", "missing")).toEqual([]);
    expect(bus.log.lines.map(({ level }) => level)).toEqual(["warn"]);
  });

  test("a device of which none is there is offline for its configuration", async () => {
    const { id, address } = device;
    bus.carry(aDevice({ id, address, channels: { missing: { value: volts, address: { register: 99 } } } }));
    await expect.poll(() => bus.sink.texts.at(-1)).toMatch(/^meter offline configuration-error: missing: /);
  });
});

test("a block that alone has no answer costs its own channels, and no others", async () => {
  await bus.slave.fault(1, "mute-above-5");
  bus.carry(aMeter("meter", 1));
  await expect
    .poll(() => bus.sink.texts.at(-1))
    .toBe("meter online configuration-error: apart: holding register 10: unit 1 does not answer for it.");
  await anotherRound("meter");
  expect([seen("meter", "first"), seen("meter", "second"), seen("meter", "apart")]).toEqual([[11], [12], []]);
  expect(statusOf("meter")).toBe("online");
});

describe("a command", () => {
  const relay = aDevice({
    id: "relay",
    address: { unit: 3, every: "1h", timeout: "300ms" },
    channels: {
      power: { value: { kind: "switch" }, address: { table: "coil", register: 5, write: true } },
      target: {
        value: { kind: "number", unit: "°C" },
        address: { register: 7, type: "int16", scale: 0.1, write: true },
      },
      limit: {
        value: { kind: "number", unit: "W" },
        address: { register: 8, type: "float32", order: "little", write: true },
      },
      mode: {
        value: { kind: "choice", options: ["auto", "heat"] },
        address: { register: 10, map: { "3": "auto", "4": "heat" }, write: { multiple: true } },
      },
      chime: { value: { kind: "button" }, address: { write: { register: 20 }, press: 7 } },
    },
  });

  const send = (channel: string, value: CommandValue, signal = never) =>
    bus.master.send({ id: "1", device: "relay", channel, value }, signal);

  beforeEach(async () => {
    await bus.slave.set(3, "coil", 5, [0]);
    await bus.slave.set(3, "holding", 7, [215, 0, 0, 3]);
    await bus.slave.set(3, "holding", 20, [0]);
    bus.carry(relay);
    await online("relay");
    bus.slave.requests.length = 0;
  });

  test.each([
    ["power", true, { function: 5, address: 5, values: [1] }],
    ["target", -4.5, { function: 6, address: 7, values: [65_491] }],
    ["limit", 1500.5, { function: 16, address: 8, values: [0x9000, 0x44bb] }],
    ["mode", "heat", { function: 16, address: 10, values: [4] }],
  ] as const)(
    "to %s is written as the address says, and read again to confirm it",
    async (channel, value, written) => {
      await send(channel, value);
      expect(bus.slave.requests[0]).toEqual({ unit: 3, ...written });
      await expect.poll(() => bus.value("relay", channel)).toBe(value);
    },
  );

  test("to a button is written once, even where no answer comes", async () => {
    await send("chime", "press");
    expect(bus.slave.requests[0]).toEqual({ unit: 3, function: 6, address: 20, values: [7] });
    await bus.slave.fault(3, "silent");
    await expect(send("chime", "press")).rejects.toMatchObject({
      code: "adapter-failed",
      message: "Unit 3 did not answer; it may have happened.",
    });
    expect(bus.slave.requests.filter((request) => request.function === 6)).toHaveLength(2);
  });

  test("is repeated when its answer is lost, for to be set twice is to be set", async () => {
    await bus.slave.fault(3, "silent", 2);
    await send("power", true);
    expect(bus.slave.requests.filter((request) => request.function === 5)).toHaveLength(3);
  });

  test("that the unit refuses fails in its words", async () => {
    const { id, address } = relay;
    const elsewhere = { value: volts, address: { register: 7, write: { register: 300 } } };
    bus.carry(aDevice({ id, address, channels: { elsewhere } }));
    await expect(send("elsewhere", 1)).rejects.toMatchObject({
      code: "adapter-failed",
      message: "Unit 3 has no such register (illegal data address).",
    });
  });

  test("that no register can hold is refused before it is sent", async () => {
    await expect(send("target", 4000)).rejects.toMatchObject({ message: "40000 does not fit int16." });
    expect(bus.slave.requests).toEqual([]);
  });

  test("goes before polls that wait, also those of a silent unit", async () => {
    await bus.slave.set(4, "holding", 0, [1, 2]);
    await bus.slave.set(4, "holding", 10, [1]);
    await bus.slave.fault(4, "silent");
    bus.carry(relay, aMeter("silent", 4));
    await expect.poll(() => askedOf(4).length).toBe(1);
    await send("power", true);
    const asked = bus.slave.requests;
    expect(asked[asked.findIndex(({ unit }) => unit === 4) + 1]).toMatchObject({ unit: 3, function: 5 });
  });

  test("that was cancelled before it left never leaves", async () => {
    await expect(send("power", true, AbortSignal.abort())).rejects.toMatchObject({ code: "adapter-failed" });
    await send("power", false);
    expect(bus.slave.requests[0]).toMatchObject({ function: 5, values: [0] });
  });

  test("is refused when the port is gone, also one that waited for its answer", async () => {
    await bus.slave.fault(3, "silent");
    const [first, second] = [send("power", true), send("target", 20)];
    const ends = Promise.all([first, second].map((each) => each.catch(({ code }) => code)));
    await expect.poll(() => askedOf(3).length).toBe(1);
    bus.master.close();
    expect(await ends).toEqual(["adapter-failed", "device-offline"]);
    await expect(send("power", true)).rejects.toMatchObject({ code: "device-offline" });
  });
});
