import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadAdapter } from "../../adapters/index.js";
import type { Channel, Device } from "../../src/core/device.js";
import { riskOf } from "../../src/core/risk.js";
import { isUnit } from "../../src/core/units.js";
import { packageRoot } from "../../src/package.js";
import { modelNames, places, readModel } from "./model.js";

/** Units that nothing converts. */
const otherUnits = ["%", "lx", "ppm", "µg/m³", "µS/cm", "kΩ", "VA", "var", "°"];

/** What fills a template at each command. */
const ofCommands = ["value", "red", "green", "blue", "x", "y"];

/** What somebody may come to harm by, if it moves. */
const dangerous = /garage|gate\b|valve/i;

/** By the transport that they are written for. */
const vendors: Readonly<Record<string, readonly string[]>> = {
  mqtt: ["esphome", "openmqttgateway", "shelly", "tasmota", "zigbee2mqtt"],
  http: ["fronius", "hue", "open-meteo", "shelly", "sunspec", "webhook"],
  serial: ["arduino", "dsmr", "eastron", "nmea", "nova", "peacefair", "rflink"],
};

test("has files for the devices that people have, on every transport", async () => {
  const models = await Promise.all(modelNames.map((name) => readModel(name)));
  for (const [kind, wanted] of Object.entries(vendors)) {
    const names = models.filter(({ type }) => type.adapter === kind).map(({ type }) => type.name);
    expect([...new Set(names.map((name) => name.split("/")[0]))].sort()).toEqual(wanted);
  }
  expect(modelNames.length).toBeGreaterThanOrEqual(100);
});

describe.each(modelNames)("devices/%s.yaml", (name) => {
  test("is read without a mistake and says what people need", async () => {
    const { type, device } = await readModel(name);
    expect(type.label).toBeTruthy();
    expect(type.documentation).toMatch(/^https:/);
    expect(type.class).toBeDefined();
    expect(missingLabels(type)).toEqual([]);
    expect(type.main ?? "none, for it only sends events").toBe(expectedMain(device));
    expect(strangeUnits(device)).toEqual([]);
  });

  test("names no parameter that it does not explain, and explains none that it does not name", async () => {
    const text = await readFile(join(packageRoot, "devices", `${name}.yaml`), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../schema.json");
    const { parameters = {}, ...rest } = parse(text);
    // A word of the adapter's own that the type has a value for may be explained, too.
    const own = Object.keys(rest.address ?? {}).filter((word) => word in parameters);
    const named = [...placeholdersIn(rest).filter((word) => !ofCommands.includes(word)), ...own];
    expect([...new Set(named)].sort()).toEqual(Object.keys(parameters).sort());
  });

  test("has settings that its adapter takes", async () => {
    const { type } = await readModel(name);
    const factory = await loadAdapter(type.adapter ?? "");
    const settings = { ...places[type.adapter ?? ""]?.settings, ...type.settings };
    expect(factory?.checkSettings(settings)).toEqual([]);
  });

  test("asks before it does what may harm somebody", async () => {
    const { device } = await readModel(name);
    const movers = [...device.channels.values()].filter(
      ({ id, writable, label }) => writable && dangerous.test(`${name} ${id} ${label}`),
    );
    expect(movers.filter((channel) => startRisk(device, channel) !== "hazard").map(({ id }) => id)).toEqual(
      [],
    );
  });
});

function missingLabels({ channels }: { channels: ReadonlyMap<string, { fields: { label?: string } }> }) {
  return [...channels].filter(([, { fields }]) => !fields.label).map(([id]) => id);
}

/** The declared main channel must be there; only what holds no value can do without. */
function expectedMain(device: Device): string | undefined {
  const holders = [...device.channels.values()].filter(({ value }) => value.kind !== "event");
  return holders.length === 0 ? "none, for it only sends events" : device.main;
}

function strangeUnits(device: Device): readonly string[] {
  return [...device.channels.values()].flatMap(({ value }) => {
    const unit = value.kind === "number" ? value.unit : undefined;
    return unit === undefined || isUnit(unit) || otherUnits.includes(unit) ? [] : [unit];
  });
}

function placeholdersIn(data: unknown): readonly string[] {
  if (typeof data === "string") return [...data.matchAll(/\{([a-z][a-z-]*)\}/g)].map(([, word = ""]) => word);
  if (typeof data !== "object" || data === null) return [];
  return [...Object.keys(data), ...Object.values(data)].flatMap(placeholdersIn);
}

/** How much harm it does to switch it on, or to open it. */
function startRisk(device: Device, channel: Channel) {
  return riskOf(device, channel, channel.value.kind === "cover" ? 100 : true);
}
