import { readdirSync } from "node:fs";
import { join } from "node:path";
import { loadAdapter } from "../../adapters/index.js";
import { type DeviceType, DeviceTypes } from "../../src/config/device-types.js";
import { readDevice } from "../../src/config/devices.js";
import { builtIn } from "../../src/config/files.js";
import { Findings } from "../../src/config/findings.js";
import type { Device } from "../../src/core/device.js";
import { packageRoot } from "../../src/package.js";

/** Where an adapter of a kind is, which no type can say. */
export const places: Readonly<Record<string, { readonly name: string; readonly settings: object }>> = {
  mqtt: { name: "broker", settings: { url: "mqtt://192.0.2.5" } },
  http: { name: "web", settings: {} },
  serial: { name: "line", settings: { path: "/dev/serial/by-id/usb-..." } },
};

const directory = join(packageRoot, "devices");

/** `VENDOR/MODEL`, in order. */
export const modelNames: readonly string[] = readdirSync(directory, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length))
  .sort();

export interface Model {
  readonly type: DeviceType;
  readonly device: Device;
}

/** A model of the catalogue and a device of it, read as a configuration is, with the parameters' examples filled in. */
export async function readModel(name: string, address: object = {}): Promise<Model> {
  const findings = new Findings();
  const types = new DeviceTypes([directory], findings);
  const type = await types.find(name);
  if (typeof type === "string") throw new Error(type);
  const examples = Object.entries(type.parameters ?? {}).map(([word, { example }]) => [word, example]);
  const sample = { type: name, address: { ...Object.fromEntries(examples), ...address } };
  const kind = type.adapter ?? "";
  const settings = { ...places[kind]?.settings, ...type.settings };
  const device = await readDevice("sample", {
    source: builtIn(JSON.stringify({ devices: { sample } })),
    findings,
    types,
    adapters: new Map([["broker", { name: "broker", kind, factory: await loadAdapter(kind), settings }]]),
  });
  if (device === undefined || findings.lines.length > 0) throw new Error(findings.lines.join("\n"));
  return { type, device };
}
