import type { AdapterFactory } from "../core/adapter.js";
import type { Device } from "../core/device.js";
import { messageOf } from "../core/errors.js";
import { notKnown } from "../schema.js";
import type { NamedAdapter } from "./devices.js";
import type { Findings } from "./findings.js";
import { idProblem } from "./ids.js";
import { keysAt, type OriginOf, parseAt, report, sectionOf, settle } from "./readings.js";
import { adapterKind } from "./sections.js";
import type { Source } from "./source.js";

/** Which kinds of adapters there are, and how to get one. */
export interface AdapterKinds {
  readonly kinds: readonly string[];
  readonly factory: (kind: string) => Promise<AdapterFactory | undefined>;
}

/** An adapter of the configuration, with its settings as its factory takes them. */
export interface ReadAdapter extends NamedAdapter {
  readonly settings: unknown;
  /** Those it brings along by itself. */
  readonly devices: readonly Device[];
}

/** Reads the `adapters` section. Mistakes go to `findings`; an adapter with mistakes can still be named. */
export async function readAdapters(
  source: Source,
  { kinds, factory }: AdapterKinds,
  findings: Findings,
): Promise<ReadonlyMap<string, ReadAdapter>> {
  const adapters = new Map<string, ReadAdapter>();
  for (const name of keysAt({ source, path: ["adapters"] })) {
    const base = { source, path: ["adapters", name] };
    const problem = idProblem(name);
    if (problem !== undefined) findings.add(base, problem, "key");
    const kind = parseAt(adapterKind, base, findings)?.kind ?? "";
    if (kind !== "" && !kinds.includes(kind)) {
      findings.add({ source, path: [...base.path, "kind"] }, notKnown(kind, kinds));
    }
    const made = kinds.includes(kind) ? await load(kind, factory) : undefined;
    if (typeof made === "string") findings.add({ source, path: [...base.path, "kind"] }, made);
    const loaded = typeof made === "string" ? undefined : made;
    const settings = loaded === undefined ? undefined : checkSettings(source, name, kind, loaded, findings);
    const devices = settings === undefined ? [] : (loaded?.devices?.(settings, name) ?? []);
    adapters.set(name, { name, kind, factory: loaded, settings, devices });
  }
  return adapters;
}

async function load(kind: string, factory: AdapterKinds["factory"]): Promise<AdapterFactory | string> {
  try {
    return (await factory(kind)) ?? `${JSON.stringify(kind)} is not available in this version`;
  } catch (error) {
    return `${JSON.stringify(kind)} cannot be loaded: ${messageOf(error)}`;
  }
}

/** The settings, read as the factory wants them; `undefined` when it does not. */
function checkSettings(
  source: Source,
  name: string,
  kind: string,
  factory: AdapterFactory,
  findings: Findings,
): Readonly<Record<string, unknown>> | undefined {
  const path = ["adapters", name];
  const originOf: OriginOf = (inner) => ({ source, path: [...path, ...inner] });
  const { kind: _, ...own } = sectionOf(source.at(path));
  let settings: Readonly<Record<string, unknown>> = own;
  const problems = settle(
    own,
    originOf,
    (reread) => {
      settings = sectionOf(reread);
      return factory.checkSettings(isEmbedded(kind, settings) ? { ...settings, url: anyBroker } : settings);
    },
    (found) => found,
  );
  report(problems, originOf, findings);
  if (isEmbedded(kind, settings) && sectionOf(source.data).mqtt === undefined) {
    const message =
      'names the broker inside the gateway, which is off; add "mqtt: { listen: 127.0.0.1:1883 }"';
    findings.add(originOf(["url"]), message);
  }
  return problems.length === 0 ? settings : undefined;
}

// The real URL of the broker inside the gateway is known when it runs.
const anyBroker = "mqtt://127.0.0.1";

function isEmbedded(kind: string, settings: Readonly<Record<string, unknown>>): boolean {
  return kind === "mqtt" && settings.url === "embedded";
}
