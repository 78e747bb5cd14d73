import { writeFile } from "node:fs/promises";
import serial from "../../../adapters/serial/index.js";
import { aDevice } from "../../support/fake-device.js";
import { describeHardship } from "../../support/hardship-suite.js";
import { openLineEnd } from "../../support/line-end.js";
import { startModbusSlave } from "../../support/modbus-slave.js";
import { openPty } from "../../support/pty.js";
import { boiler } from "./frames/a-line.js";

const noise = Buffer.alloc(1_000_000, "\xff\x00P=PUMP\n");

const pump = (value: boolean) => ({ id: "1", device: "boiler", channel: "pump", value });

describeHardship("Messages on a serial port", {
  factory: serial,
  device: boiler,
  commands: [pump(true), pump(false)],
  readings: { pressure: 1.5 },
  openWorld: async () => {
    const pty = await openPty();
    const far = openLineEnd(pty.far);
    return {
      settings: { path: pty.port },
      get received() {
        return far.received.split("\n").filter((line) => line !== "");
      },
      stall: async () => {
        far.freeze();
        return () => far.thaw();
      },
      babble: () => far.say(noise),
      say: () => far.say("P=1.5\n"),
      flood: () => far.say("P=1.5\n".repeat(500)),
      close: async () => {
        await far.stop();
        await pty.close();
      },
    };
  },
});

const power = (value: boolean) => ({ id: "1", device: "relay", channel: "power", value });

describeHardship("Modbus on a serial port", {
  factory: serial,
  device: aDevice({
    id: "relay",
    address: { unit: 1, every: "100ms", timeout: "300ms" },
    channels: {
      power: { value: { kind: "switch" }, address: { table: "coil", register: 0, write: true } },
      voltage: { value: { kind: "number" }, address: { register: 1 } },
    },
  }),
  commands: [power(true), power(false)],
  readings: { power: false, voltage: 230 },
  openWorld: async () => {
    const pty = await openPty();
    const slave = startModbusSlave(pty.far);
    await slave.set(1, "coil", 0, [0]);
    await slave.set(1, "holding", 1, [230]);
    await slave.ready;
    return {
      settings: { path: pty.port, framing: { kind: "modbus-rtu" } },
      get received() {
        return slave.requests.filter((request) => request.function === 5);
      },
      stall: async () => {
        await slave.fault(1, "silent");
        return () => slave.fault(1, "none");
      },
      babble: () => writeFile(pty.far, noise),
      say: async () => {},
      flood: { impossible: "A unit speaks only when it is asked." },
      close: async () => {
        await slave.stop();
        await pty.close();
      },
    };
  },
});
