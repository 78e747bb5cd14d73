import { expect, onTestFinished, test } from "vitest";
import serial from "../../adapters/serial/index.js";
import { closedDoor } from "../support/closed-door.js";
import { startModbusSlave } from "../support/modbus-slave.js";
import { openPty } from "../support/pty.js";
import { RecordingSink } from "../support/recording-sink.js";
import { silentLog } from "../support/silent-log.js";
import { readModel } from "./model.js";
import { heardBy } from "./recordings.js";

/** The two registers of a float, most significant first. */
function float(value: number): readonly number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}

const floats = (values: Readonly<Record<number, number>>) =>
  Object.entries(values).map(([register, value]) => [Number(register), float(value)] as const);

/** By the register as the vendor's document numbers it, less 30001. */
const meters: readonly (readonly [
  name: string,
  registers: readonly (readonly [number, readonly number[]])[],
  values: Readonly<Record<string, readonly [number, string]>>,
])[] = [
  [
    "eastron/sdm120",
    floats({
      0: 229.8,
      6: 1.25,
      12: 284.5,
      18: 287.25,
      24: -39.5,
      30: 0.99,
      70: 50.01,
      72: 1234.56,
      74: 7.5,
    }),
    {
      consumption: [284.5, "W"],
      voltage: [229.8, "V"],
      current: [1.25, "A"],
      "apparent-power": [287.25, "VA"],
      "reactive-power": [-39.5, "var"],
      "power-factor": [0.99, ""],
      frequency: [50.01, "Hz"],
      energy: [1234.56, "kWh"],
      returned: [7.5, "kWh"],
    },
  ],
  [
    "eastron/sdm630",
    floats({
      0: 229.8,
      2: 231.5,
      4: 230.25,
      6: 1.25,
      8: 2.5,
      10: 0.5,
      12: 284.5,
      14: -578.5,
      16: 115.25,
      30: 0.99,
      32: -1,
      34: 0.5,
      52: -178.75,
      56: 290,
      60: -25.5,
      62: 0.875,
      70: 49.99,
      72: 4321,
      74: 999.5,
    }),
    {
      consumption: [-178.75, "W"],
      "consumption-1": [284.5, "W"],
      "consumption-2": [-578.5, "W"],
      "consumption-3": [115.25, "W"],
      "voltage-1": [229.8, "V"],
      "voltage-2": [231.5, "V"],
      "voltage-3": [230.25, "V"],
      "current-1": [1.25, "A"],
      "current-2": [2.5, "A"],
      "current-3": [0.5, "A"],
      "power-factor-1": [0.99, ""],
      "power-factor-2": [-1, ""],
      "power-factor-3": [0.5, ""],
      "apparent-power": [290, "VA"],
      "reactive-power": [-25.5, "var"],
      "power-factor": [0.875, ""],
      frequency: [49.99, "Hz"],
      energy: [4321, "kWh"],
      returned: [999.5, "kWh"],
    },
  ],
  [
    "eastron/sdm72",
    floats({ 52: 2210.5, 72: 88.25, 74: 0 }),
    { consumption: [2210.5, "W"], energy: [88.25, "kWh"], returned: [0, "kWh"] },
  ],
  [
    "peacefair/pzem-004t",
    // 230.1 V, 70.123 A, 16135.3 W, 123456 Wh, 50 Hz, 0.97; of two registers the low one first.
    [[0, [2301, 70_123 - 65_536, 1, 161_353 - 131_072, 2, 123_456 - 65_536, 1, 500, 97]]],
    {
      consumption: [16135.3, "W"],
      voltage: [230.1, "V"],
      current: [70.123, "A"],
      "power-factor": [0.97, ""],
      frequency: [50, "Hz"],
      energy: [123.456, "kWh"],
    },
  ],
];

test.each(meters)(
  "devices/%s.yaml reads a meter of pymodbus, in the right units",
  async (name, registers, expected) => {
    const { device } = await readModel(name, { unit: 7 });
    const pty = await openPty();
    onTestFinished(() => pty.close());
    const slave = startModbusSlave(pty.far);
    onTestFinished(() => slave.stop());
    for (const [register, values] of registers) await slave.set(7, "input", register, values);
    await slave.ready;
    const sink = new RecordingSink();
    const settings = { path: pty.port, baudRate: 9600, framing: { kind: "modbus-rtu" } };
    const adapter = serial.create(settings, {
      name: "bus",
      devices: [device],
      sink,
      hooks: closedDoor,
      log: silentLog,
    });
    await adapter.start();
    onTestFinished(() => adapter.stop());
    await expect.poll(() => sink.reports.length).toBeGreaterThan(0);
    const units = new Map(
      [...device.channels].map(([id, { value }]) => [
        id,
        value.kind === "number" ? (value.unit ?? "") : undefined,
      ]),
    );
    const heard = Object.entries(heardBy(device, sink).values).map(([id, value]) => [
      id,
      [value, units.get(id)],
    ]);
    expect(Object.fromEntries(heard)).toEqual(expected);
  },
);
