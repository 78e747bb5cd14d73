import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Command } from "../../../../src/core/command.js";
import type { CommandValue } from "../../../../src/core/value.js";
import { aDevice } from "../../../support/fake-device.js";
import { openBus, type TestBus } from "./bus.js";

const never = new AbortController().signal;
const volts = { kind: "number", unit: "V" } as const;

let bus: TestBus;
beforeEach(async () => {
  bus = await openBus();
});
afterEach(() => bus.close());

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

  const send = (channel: string, value: CommandValue, signal = never, more: Partial<Command> = {}) =>
    bus.master.send({ id: "1", device: "relay", channel, value, ...more }, signal);
  const askedOf = (unit: number) => bus.slave.requests.filter((request) => request.unit === unit);

  beforeEach(async () => {
    await bus.slave.set(3, "coil", 5, [0]);
    await bus.slave.set(3, "holding", 7, [215, 0, 0, 3]);
    await bus.slave.set(3, "holding", 20, [0]);
    bus.carry(relay);
    await expect.poll(() => bus.sink.texts).toContainEqual(expect.stringMatching(/^relay online/));
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

  test("that may do harm is written once, whatever becomes of it", async () => {
    await bus.slave.fault(3, "silent");
    await expect(send("power", true, never, { risk: "hazard" })).rejects.toMatchObject({
      code: "adapter-failed",
    });
    expect(bus.slave.requests.filter((request) => request.function === 5)).toHaveLength(1);
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
    await bus.slave.set(4, "holding", 0, [1]);
    await bus.slave.fault(4, "silent");
    const silent = { value: volts, address: { register: 0 } };
    bus.carry(relay, aDevice({ id: "silent", address: { unit: 4, timeout: "300ms" }, channels: { silent } }));
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
