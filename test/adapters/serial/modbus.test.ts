import { realpath, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import serial from "../../../adapters/serial/index.js";
import type { Adapter } from "../../../src/core/adapter.js";
import { describeAdapter } from "../../support/adapter-suite.js";
import { closedDoor } from "../../support/closed-door.js";
import { aDevice } from "../../support/fake-device.js";
import { startModbusSlave, type TestSlave } from "../../support/modbus-slave.js";
import { openPortServer, openPty, type TestPty } from "../../support/pty.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { silentLog } from "../../support/silent-log.js";

const framing = { kind: "modbus-rtu" };

const relay = aDevice({
  id: "relay",
  address: { unit: 1, every: "100ms", timeout: "300ms" },
  channels: {
    power: { value: { kind: "switch" }, address: { table: "coil", register: 0, write: true } },
  },
});

const power = (value: boolean) => ({ id: "1", device: "relay", channel: "power", value });

const nonsense = Buffer.alloc(1_000_000, "\xff\x00P=PUMP\n", "latin1");

describeAdapter("Modbus on a serial port", {
  factory: serial,
  device: aDevice({
    ...relay,
    address: { unit: 1, every: "100ms", timeout: "2s" },
    channels: {
      ...Object.fromEntries(relay.channels),
      voltage: { value: { kind: "number" }, address: { register: 1 } },
    },
  }),
  commands: [power(true), power(false)],
  reading: { channel: "voltage", values: [230, 240] },
  wrongSettings: { path: "COM1", framing },
  wrongDevice: { address: {}, channels: { power: { value: { kind: "switch" }, address: { register: -1 } } } },
  openWorld: async () => {
    const pty = await openPty();
    const slave = startModbusSlave(pty.far);
    await slave.set(1, "coil", 0, [0]);
    await slave.set(1, "holding", 1, [220]);
    await slave.ready;
    return {
      settings: { path: pty.port, framing },
      get received() {
        return slave.requests.filter((request) => request.function === 5);
      },
      say: async (...values) => {
        await Promise.all(values.map((value) => slave.set(1, "holding", 1, [Number(value)])));
      },
      babble: () => writeFile(pty.far, nonsense),
      stall: () => slave.freeze(),
      resume: () => slave.thaw(),
      lose: () => pty.pull(),
      find: () => pty.plug(),
      close: async () => {
        await slave.stop();
        await pty.close();
      },
    };
  },
});

describe("Modbus on a serial port", () => {
  let pty: TestPty;
  let slave: TestSlave;
  let sink: RecordingSink;
  let adapter: Adapter;

  beforeEach(async () => {
    pty = await openPty();
    slave = startModbusSlave(pty.far);
    await slave.set(1, "coil", 0, [1]);
    await slave.ready;
    sink = new RecordingSink();
    adapter = serial.create(
      { path: pty.port, framing },
      { name: "bus", devices: [relay], sink, hooks: closedDoor, log: silentLog },
    );
    await adapter.start();
  });
  afterEach(async () => {
    await adapter.stop();
    await slave.stop();
    await pty.close();
  });

  test("goes on where it was when the cable was pulled in the middle of a question and is plugged in again, under another number", async () => {
    await expect.poll(() => sink.reports.length).toBeGreaterThan(0);
    await slave.fault(1, "hold", 1);
    const { length } = slave.requests;
    await expect.poll(() => slave.requests.length).toBeGreaterThan(length);
    const number = await realpath(pty.port);
    await pty.pull();
    await expect.poll(() => sink.state).toBe("offline");
    expect(sink.links.at(-1)?.detail).toMatch(/^\/.+\/port: it .+$/);
    const reported = sink.reports.length;
    await slave.set(1, "coil", 0, [0]);
    // Takes the number that became free.
    const other = await openPty();
    onTestFinished(() => other.close());
    await pty.plug();
    expect(await realpath(pty.port)).not.toBe(number);
    await expect.poll(() => sink.state).toBe("online");
    await expect.poll(() => sink.reports.length).toBeGreaterThan(reported);
    expect(sink.reports.slice(reported).map(({ readings }) => readings.power)).not.toContain(true);
  });

  test("leaves a port alone that another adapter has", async () => {
    await expect.poll(() => sink.state).toBe("online");
    const second = new RecordingSink();
    const other = serial.create(
      { path: pty.port, framing },
      { name: "other", devices: [], sink: second, hooks: closedDoor, log: silentLog },
    );
    await other.start();
    await expect.poll(() => second.state).toBe("offline");
    expect(second.links.at(-1)?.detail).toContain("another program has it");
    await other.stop();
    const { length } = sink.reports;
    await expect.poll(() => sink.reports.length).toBeGreaterThan(length);
  });
});

test("Modbus is spoken over a port server, too", async () => {
  const server = await openPortServer();
  const slave = startModbusSlave(server.far);
  const sink = new RecordingSink();
  await slave.set(1, "coil", 0, [1]);
  const adapter = serial.create(
    { path: `tcp://127.0.0.1:${server.port}`, framing },
    { name: "bus", devices: [relay], sink, hooks: closedDoor, log: silentLog },
  );
  await adapter.start();
  await expect.poll(() => sink.reports.at(-1)?.readings).toEqual({ power: true });
  await server.close();
  await expect.poll(() => sink.state).toBe("offline");
  expect(sink.links.at(-1)?.detail).toBe(`tcp://127.0.0.1:${server.port}: it was closed`);
  await adapter.stop();
  await slave.stop();
});
