import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aDevice } from "../../../support/fake-device.js";
import { openBus, type TestBus } from "./bus.js";

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
