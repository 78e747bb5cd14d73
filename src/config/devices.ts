import { z } from "zod";
import type { AdapterFactory } from "../core/adapter.js";
import type { Channel, Device, DeviceClass } from "../core/device.js";
import { mainChannel } from "../core/main-channel.js";
import { nearest } from "../core/nearest.js";
import { notKnown, strict } from "../schema.js";
import { blame } from "./blame.js";
import { deviceClass } from "./channels.js";
import { merged, readChannels } from "./device-channels.js";
import { type DeviceCheck, type DeviceDraft, examine } from "./device-draft.js";
import type { DeviceType, DeviceTypes, Parameter } from "./device-types.js";
import type { Findings, Origin } from "./findings.js";
import { labelOfId } from "./label.js";
import { isSection, type OriginOf, parseAt, report, sectionOf } from "./readings.js";
import { label } from "./sections.js";
import type { Path, Source } from "./source.js";

/** An adapter that devices can name. Without a factory its kind is wrong, which was said already. */
export interface NamedAdapter {
  readonly name: string;
  readonly kind: string;
  readonly factory: AdapterFactory | undefined;
  /** As its factory takes them; `undefined` where they have mistakes. */
  readonly settings?: unknown;
}

export const deviceSection = strict({
  label: label.describe("What people call it. Default: the id, made readable.").exactOptional(),
  room: label.describe("The room it is in; devices are listed by room.").exactOptional(),
  class: deviceClass
    .describe("What it is. Default: the type's, else guessed from its channels.")
    .exactOptional(),
  type: z
    .string()
    .describe("VENDOR/MODEL of the catalogue: gives channels, class and addresses.")
    .exactOptional(),
  adapter: z.string().describe("Which of the adapters carries it. Default: the only one.").exactOptional(),
  main: z
    .string()
    .describe("The channel that stands for it. Default: the first to command, else to read.")
    .exactOptional(),
  address: z.unknown().describe("Where it is: the adapter's own words."),
  channels: z.record(z.string(), z.unknown()),
}).partial({ address: true, channels: true });

interface Surroundings {
  readonly source: Source;
  readonly findings: Findings;
  readonly types: DeviceTypes;
  readonly adapters: ReadonlyMap<string, NamedAdapter>;
}

/** The device `id` of the configuration; `undefined` when there are mistakes, which are then in `findings`. */
export async function readDevice(id: string, surroundings: Surroundings): Promise<Device | undefined> {
  const { source, findings } = surroundings;
  const path: Path = ["devices", id];
  const raw = sectionOf(source.at(path));
  const head = parseAt(deviceSection, { source, path }, findings);
  if (head === undefined && !isSection(source.at(path))) return undefined;
  const type = await findType(raw.type, { source, path }, surroundings);
  const adapter = findAdapter(raw, type, { source, path }, surroundings);
  // What is missing may stand in the type that was meant.
  const isTypeMissing = raw.type !== undefined && type === undefined;
  const drafts = readChannels(type, { source, path }, { findings, isTypeMissing });
  if (drafts.all.size === 0 && raw.channels === undefined && !isTypeMissing) {
    findings.add(
      { source, path: [...path, "channels"] },
      "is missing; a device needs channels, or a type that has them",
    );
  }
  const own: DeviceDraft = {
    address: raw.address,
    channels: drafts.own,
    originOf: (inner) => ({ source, path: [...path, ...inner] }),
  };
  const given = merged(sectionOf(type?.source.data).address, raw.address);
  const missing = missingParameters(type, given);
  for (const [word, { means, example }] of missing) {
    // What seems to be missing may be misspelt, which the adapter tells.
    if (nearest(word, Object.keys(sectionOf(raw.address))) !== undefined) continue;
    const message = `is missing; ${means}, such as ${example} (needed by the type ${type?.name})`;
    findings.add({ source, path: [...path, "address", word] }, message);
  }
  const whole: DeviceDraft = {
    // With stand-ins, so that what is missing is told once and hides nothing.
    address:
      missing.length === 0
        ? given
        : merged(given, Object.fromEntries(missing.map(([word, { example }]) => [word, example]))),
    channels: drafts.all,
    originOf: originIn(source, path, type),
  };
  const check = adapter && checkOf(adapter);
  const examined = check && examine(whole, check);
  const problems = examined?.problems ?? [];
  if (type === undefined || check === undefined) report(problems, own.originOf, findings);
  else if (problems.length > 0) blame(problems, { own, type, check }, findings);
  const main = head?.main ?? type?.main;
  if (main !== undefined && !drafts.all.has(main)) {
    const origin = whole.originOf(["main"]);
    findings.add(origin, `names a channel that is not there: ${notKnown(main, [...drafts.all.keys()])}`);
  }
  if (head === undefined || adapter === undefined || examined === undefined) return undefined;
  if (problems.length > 0 || missing.length > 0) return undefined;
  const { channels, address } = examined;
  return {
    id,
    label: head.label || labelOfId(id),
    ...(head.room ? { room: head.room } : {}),
    class: head.class ?? type?.class ?? guessClass([...channels.values()]),
    main: main ?? mainChannel(channels.values()),
    adapter: adapter.name,
    channels,
    address,
  };
}

async function findType(
  name: unknown,
  { source, path }: Origin,
  { findings, types }: Surroundings,
): Promise<DeviceType | undefined> {
  if (typeof name !== "string") return undefined;
  const type = await types.find(name);
  if (typeof type !== "string") return type;
  findings.add({ source, path: [...path, "type"] }, type);
  return undefined;
}

function findAdapter(
  raw: Readonly<Record<string, unknown>>,
  type: DeviceType | undefined,
  { source, path }: Origin,
  { findings, adapters }: Surroundings,
): NamedAdapter | undefined {
  const name = raw.adapter;
  const origin = { source, path: [...path, "adapter"] };
  const names = [...adapters.keys()];
  if (typeof name === "string") {
    const adapter = adapters.get(name);
    if (adapter === undefined) {
      findings.add(
        origin,
        names.length === 0 ? "names an adapter, but there are none" : notKnown(name, names),
      );
    } else if (type?.adapter !== undefined && type.adapter !== adapter.kind) {
      findings.add(origin, `is of kind ${adapter.kind}, but the type is made for ${type.adapter}`);
    } else {
      return adapter;
    }
    return undefined;
  }
  if (name !== undefined) return undefined;
  if (raw.type !== undefined && type === undefined) return undefined;
  const [fitting, ...others] = [...adapters.values()].filter((adapter) =>
    type?.adapter === undefined ? takesDevices(adapter) : adapter.kind === type.adapter,
  );
  if (fitting !== undefined && others.length === 0) return fitting;
  findings.add(origin, `is missing; name one of the adapters: ${names.join(", ") || "(there are none yet)"}`);
  return undefined;
}

function checkOf({ factory, settings }: NamedAdapter): DeviceCheck | undefined {
  return factory && ((device) => factory.checkDevice(device, settings));
}

/** Whether devices of the configuration can name it: some have only those that they bring along. */
function takesDevices(adapter: NamedAdapter): boolean {
  const { problems } = checkOf(adapter)?.({ address: undefined, channels: {} }) ?? { problems: [] };
  return !problems.some(({ path }) => path[0] === "adapter");
}

/** What the type wants of the device's address and neither of them says. */
function missingParameters(type: DeviceType | undefined, address: unknown): readonly [string, Parameter][] {
  const words = sectionOf(address ?? {});
  if (address !== undefined && typeof address !== "object") return [];
  return Object.entries(type?.parameters ?? {}).filter(([word]) => words[word] === undefined);
}

/** What the device does not say itself is said by its type. */
function originIn(source: Source, path: Path, type: DeviceType | undefined): OriginOf {
  return (inner) =>
    type?.source.has(inner) === true && !source.has([...path, ...inner])
      ? { source: type.source, path: inner }
      : { source, path: [...path, ...inner] };
}

// No guess is made of what could make a command look safer than it is: a level may be an oven's.
function guessClass(channels: readonly Channel[]): DeviceClass {
  const has = (kind: Channel["value"]["kind"]) => channels.some(({ value }) => value.kind === kind);
  if (has("lock")) return "lock";
  if (has("cover")) return "blind";
  if (has("color")) return "light";
  return channels.some(({ writable }) => writable) ? "other" : "sensor";
}
