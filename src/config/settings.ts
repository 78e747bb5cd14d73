import { dirname, join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Document } from "yaml";
import type { Device, DeviceId } from "../core/device.js";
import { isLoopback } from "../core/host.js";
import { notKnown } from "../schema.js";
import { type AdapterKinds, type ReadAdapter, readAdapters } from "./adapters.js";
import { Compact } from "./compact.js";
import { DeviceTypes } from "./device-types.js";
import { readDevice } from "./devices.js";
import { builtIn, readConfiguration, secretsBeside } from "./files.js";
import { ConfigError, Findings } from "./findings.js";
import { nameProblem } from "./ids.js";
import { labelOfId } from "./label.js";
import { type Migration, migrate, migrations, versionFault } from "./migrations.js";
import { keysAt, parseAt, report } from "./readings.js";
import * as sections from "./sections.js";
import { Source } from "./source.js";
import { compareSettings } from "./type-settings.js";
import { type XmppSettings, xmppProblems, xmppSchema } from "./xmpp-settings.js";

const defaultFile = "config/homeroster.yaml";

/** What runs where there is no configuration, the trial house: everything needed to try it, on this machine alone. */
const withoutFile = `
mqtt: {}
adapters:
  house: { kind: simulator }
  broker: { kind: mqtt, url: embedded }
`;

/** A configuration as the rest of the gateway knows it: complete, checked, with every default filled in. */
export interface Settings {
  readonly home: {
    readonly name: string;
    readonly language: string;
    readonly timezone: string;
    readonly units: "metric" | "imperial";
  };
  readonly xmpp: XmppSettings;
  /** Bare JIDs, normalised. With the embedded server none need be named. */
  readonly owners: readonly string[];
  readonly people: readonly {
    readonly jid: string;
    readonly role: "admin" | "resident" | "viewer";
  }[];
  /** `isDefault`: nobody asked for this port, and any other would do. */
  readonly http: { readonly host: string; readonly port: number; readonly isDefault: boolean };
  /** The broker inside the gateway, if it is to run; without `port` on one that is free. */
  readonly mqtt?: {
    readonly host: string;
    readonly port?: number;
    readonly users: readonly { readonly name: string; readonly password: string }[];
  };
  /** In `settings` of an mqtt adapter, the URL `embedded` is the broker inside the gateway. */
  readonly adapters: readonly AdapterSettings[];
  readonly groups: readonly {
    readonly id: string;
    readonly label: string;
    readonly devices: readonly DeviceId[];
  }[];
  /** Those of the file, and those that adapters bring along. */
  readonly devices: readonly Device[];
  /** Without one this is the trial house that is built in. */
  readonly file: string | undefined;
  /** All that was read, or would have been if it were there: what a change of these settings begins with. */
  readonly files: readonly string[];
  /** What is allowed, but was hardly meant; lines like those of a `ConfigError`. */
  readonly warnings: readonly string[];
}

export interface AdapterSettings {
  readonly name: string;
  readonly kind: string;
  readonly settings: unknown;
}

interface LoadOptions extends AdapterKinds {
  /** Must exist when it is named. */
  readonly file?: string;
  /** The directory of the catalogue. A `devices` beside the file comes before it. */
  readonly typesDir: string;
  /** Those of the product, unless a test has its own. */
  readonly migrations?: readonly Migration[];
}

/** Reads the configuration, or the defaults where there is none. Rejects with a `ConfigError` that has every mistake. */
export async function loadSettings(options: LoadOptions): Promise<Settings> {
  const path = options.file ?? defaultFile;
  const findings = new Findings();
  findings.files.add(path).add(secretsBeside(path));
  const warnings = new Findings();
  const steps = options.migrations ?? migrations;
  let changes: readonly string[] = [];
  const written = await readSource(options.file, findings, (document) => {
    changes = migrate(document, steps);
  });
  const source = written ?? builtIn(withoutFile);
  if (source.break !== undefined) throw new ConfigError(findings);
  const version = { source, path: ["version"] };
  const fault = versionFault(source.at(version.path), steps);
  // Nothing can be said of the rest of it.
  if (fault !== undefined) {
    throw new ConfigError({ lines: new Findings().add(version, fault).lines, files: findings.files });
  }
  if (changes.length > 0) {
    const present = steps.length + 1;
    warnings.add(
      version,
      `is an older one than ${present}; write version: ${present}, and ${changes.join("; ")}`,
    );
  }
  const settings = await readSettings(source, options, findings, warnings);
  if (findings.lines.length > 0) throw new ConfigError(findings);
  return {
    ...settings,
    file: written === undefined ? undefined : path,
    files: [...findings.files],
    warnings: warnings.lines,
  };
}

/** Where people keep types of their own. */
function typesBeside(file: string): string {
  return join(dirname(file), "devices");
}

/** `undefined` when none was named and none is there. */
async function readSource(
  file: string | undefined,
  findings: Findings,
  prepare: (document: Document) => void,
): Promise<Source | undefined> {
  const source = await readConfiguration(file ?? defaultFile, process.env, findings, prepare);
  if (source !== undefined || file === undefined) return source;
  const noFile = new Source(file, "", { secret: () => "", variable: () => "" });
  const cure = `correct the path behind --config, or leave it out for ${defaultFile}`;
  findings.add({ source: noFile, path: [] }, `there is no file ${resolve(file)}; ${cure}`);
  throw new ConfigError(findings);
}

async function readSettings(
  source: Source,
  options: LoadOptions,
  findings: Findings,
  warnings: Findings,
): Promise<Omit<Settings, "file" | "files" | "warnings">> {
  const at = (...path: string[]) => ({ source, path });
  report(xmppProblems(source.at(["xmpp"])), (path) => ({ source, path: ["xmpp", ...path] }), findings);
  report(
    sections.mqttProblems(source.at(["mqtt"])),
    (path) => ({ source, path: ["mqtt", ...path] }),
    findings,
  );
  const root = parseAt(sections.root.prefault({}), at(), findings);
  const home = parseAt(sections.home, at("home"), findings);
  const xmpp = parseAt(xmppSchema(source.at(["xmpp"])), at("xmpp"), findings);
  const owners = parseAt(sections.owners, at("owners"), findings);
  const people = parseAt(sections.people, at("people"), findings);
  const http = parseAt(sections.http, at("http"), findings);
  const mqtt = parseAt(sections.mqtt, at("mqtt"), findings);
  const adapters = await readAdapters(source, options, findings);
  const types = new DeviceTypes([typesBeside(options.file ?? defaultFile), options.typesDir], findings);
  const devices = await readDevices(source, { types, adapters }, { findings, warnings });
  const groups = readGroups(source, devices, findings);
  if (findings.lines.length > 0 || !root || !home || !xmpp || !owners || !people || !http) {
    throw new ConfigError(findings);
  }
  const listen = http.listen ?? { host: "127.0.0.1", port: 8480 };
  if (!isLoopback(listen.host)) {
    warnings.add(
      at("http", "listen"),
      "is open to other machines, where tokens and answers travel as plain text",
    );
  }
  if (xmpp.server === "component" && owners.length === 0) {
    warnings.add(at("owners"), "is empty: nobody may see the house or command it");
  }
  return {
    home: { timezone: sections.systemTimezone(), ...home, name: home.name || "Home" },
    xmpp,
    owners: [...new Set(owners)],
    people,
    http: { ...listen, isDefault: http.listen === undefined },
    ...(mqtt === undefined ? {} : { mqtt: { host: "127.0.0.1", ...mqtt.listen, users: mqtt.users } }),
    adapters: [...adapters.values()].map(({ name, kind, settings }) => ({ name, kind, settings })),
    groups,
    devices: compacted(devices.values()),
  };
}

function compacted(devices: Iterable<Device | undefined>): readonly Device[] {
  const compact = new Compact();
  return [...devices].flatMap((device) => (device === undefined ? [] : [compact.device(device)]));
}

/** By id; without a device where there are mistakes in it. */
async function readDevices(
  source: Source,
  { types, adapters }: { readonly types: DeviceTypes; readonly adapters: ReadonlyMap<string, ReadAdapter> },
  { findings, warnings }: { readonly findings: Findings; readonly warnings: Findings },
): Promise<ReadonlyMap<DeviceId, Device | undefined>> {
  const devices = new Map<DeviceId, Device | undefined>();
  for (const adapter of adapters.values()) {
    for (const device of adapter.devices) devices.set(device.id, device);
  }
  for (const id of keysAt({ source, path: ["devices"] })) {
    const carrier = devices.get(id)?.adapter;
    const taken =
      carrier === undefined ? undefined : `is brought along by the adapter ${carrier}; take another id`;
    const problem = nameProblem(id) ?? taken;
    if (problem !== undefined) findings.add({ source, path: ["devices", id] }, problem, "key");
    // A running house goes on while a large file is read.
    await setImmediate();
    const device = await readDevice(id, { source, findings, types, adapters });
    devices.set(id, device);
    const name = source.at(["devices", id, "type"]);
    const type = device !== undefined && typeof name === "string" ? await types.find(name) : undefined;
    const adapter = adapters.get(device?.adapter ?? "");
    if (typeof type === "object" && adapter !== undefined)
      compareSettings({ source, type, adapter, address: device?.address }, warnings);
  }
  return devices;
}

function readGroups(
  source: Source,
  devices: ReadonlyMap<DeviceId, Device | undefined>,
  findings: Findings,
): Settings["groups"] {
  return keysAt({ source, path: ["groups"] }).flatMap((id) => {
    const path = ["groups", id];
    const problem =
      nameProblem(id) ?? (devices.has(id) ? "is the id of a device, too; take another" : undefined);
    if (problem !== undefined) findings.add({ source, path }, problem, "key");
    const group = parseAt(sections.group, { source, path }, findings);
    group?.devices.forEach((device, index) => {
      if (devices.has(device)) return;
      findings.add({ source, path: [...path, "devices", index] }, notKnown(device, [...devices.keys()]));
    });
    return group === undefined
      ? []
      : [{ id, label: group.label || labelOfId(id), devices: [...new Set(group.devices)] }];
  });
}
