import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { Intake } from "../../../adapters/mqtt/intake.js";
import { planFor } from "../../../adapters/mqtt/plan.js";
import { readDevice } from "../../../adapters/mqtt/wiring.js";
import type { ValueSpec } from "../../../src/core/value.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { silentLog } from "../../support/silent-log.js";

const catalogueFile = z.object({
  address: z.record(z.string(), z.unknown()),
  channels: z.record(z.string(), z.object({ value: z.custom<ValueSpec | "switch">(), address: z.unknown() })),
});

test("a Tasmota plug is read and switched as Tasmota documents it", async () => {
  const file = new URL("../../../devices/tasmota/plug.yaml", import.meta.url);
  const { address, channels } = catalogueFile.parse(parse(await readFile(file, "utf8")));
  const opened = Object.entries(channels).map(([id, { value, address }]) => {
    const spec: ValueSpec = value === "switch" ? { kind: "switch" } : value;
    return [id, { value: spec, address }];
  });
  const { wiring, access, problems } = readDevice({
    address: { ...address, topic: "kitchen" },
    channels: Object.fromEntries(opened),
  });
  expect(problems).toEqual([]);
  expect(Object.keys(access).filter((id) => access[id]?.writable)).toEqual(["power"]);

  const { filters, routes } = planFor(new Map([["plug", wiring]]));
  expect([...filters.keys()].sort()).toEqual([
    "stat/kitchen/POWER",
    "tele/kitchen/LWT",
    "tele/kitchen/SENSOR",
  ]);
  const sink = new RecordingSink();
  const intake = new Intake(routes, sink, silentLog);
  const energy =
    '{"Time":"2026-11-22T08:00:00","ENERGY":{"TotalStartTime":"2026-01-01T00:00:00","Total":12.345,"Yesterday":0.4,' +
    '"Today":0.123,"Period":1,"Power":42,"ApparentPower":50,"ReactivePower":27,"Factor":0.84,"Voltage":231,"Current":0.216}}';
  intake.take("tele/kitchen/LWT", Buffer.from("Online"), true);
  intake.take("stat/kitchen/POWER", Buffer.from("ON"), false);
  intake.take("tele/kitchen/SENSOR", Buffer.from(energy), false);
  intake.take("tele/kitchen/SENSOR", Buffer.from('{"Time":"2026-11-22T08:00:00"}'), false);
  expect(sink.availabilities).toEqual([{ device: "plug", status: "online" }]);
  expect(sink.reports.map(({ readings }) => readings)).toEqual([
    { power: true },
    { consumption: 42, voltage: 231, current: 0.216, "energy-today": 0.123, energy: 12.345 },
  ]);

  const power = wiring.voices.get("power");
  expect([power?.(true), power?.(false)]).toMatchObject([
    { topic: "cmnd/kitchen/POWER", payload: "ON" },
    { topic: "cmnd/kitchen/POWER", payload: "OFF" },
  ]);
});
