import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ChannelId, DeviceClass } from "../core/device.js";
import { nearest } from "../core/nearest.js";
import { strict } from "../schema.js";
import { type ChannelDraft, deviceClass, readChannel } from "./channels.js";
import { readPlain } from "./files.js";
import type { Findings } from "./findings.js";
import { idProblem } from "./ids.js";
import { keysAt, parseAt, sectionOf } from "./readings.js";
import { label } from "./sections.js";
import type { Source } from "./source.js";

const parameter = strict({
  means: z.string().min(1).describe("What it is, as the end of a sentence."),
  example: z.union([z.string().min(1), z.number()]).transform(String),
});
/** A word that devices of a type put into their `address`, and that the type's addresses have in braces. */
export type Parameter = z.output<typeof parameter>;

export const typeSection = strict({
  label: label.describe("What the model is called.").exactOptional(),
  models: z
    .array(z.string().min(1))
    .min(1)
    .describe("Products that it fits, where the label does not name them.")
    .exactOptional(),
  documentation: z.url().describe("Where the vendor describes what the addresses say.").exactOptional(),
  notes: z
    .string()
    .min(1)
    .describe("What has to be set in the device itself, and what else its owner should know.")
    .exactOptional(),
  adapter: z.string().describe("The kind of adapter that the addresses are written for."),
  settings: z
    .record(z.string(), z.unknown(), "is no section; write for example { framing: { kind: line } }")
    .describe("What the adapter has to be told, beside where it is, in the adapter's own words.")
    .exactOptional(),
  class: deviceClass.describe("What it is.").exactOptional(),
  main: z.string().describe("The channel that stands for the device.").exactOptional(),
  parameters: z
    .record(z.string(), parameter)
    .describe(
      "What each device says in its address, and the addresses here have in braces. One with a value in the address here is optional.",
    )
    .exactOptional(),
  address: z.unknown().describe("What all devices have in common, in the adapter's own words."),
  channels: z
    .record(z.string(), z.unknown())
    .refine((channels) => Object.keys(channels).length > 0, {
      error: "is empty; a type has at least one channel",
    })
    .describe("Its channels, by id."),
}).partial({ address: true });

/** A model of the catalogue: what every device of its kind has in common. */
export interface DeviceType {
  /** `VENDOR/MODEL` */
  readonly name: string;
  readonly source: Source;
  readonly label?: string;
  /** A kind; `undefined` only beside a finding about it. */
  readonly adapter: string | undefined;
  readonly models?: readonly string[];
  readonly documentation?: string;
  readonly notes?: string;
  /** Of the adapter; nobody has looked at them yet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly class?: DeviceClass;
  readonly main?: ChannelId;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly channels: ReadonlyMap<ChannelId, ChannelDraft>;
}

/** `VENDOR/MODEL.yaml` below some directories; these and each file are read once, when first named. */
export class DeviceTypes {
  readonly #directories: readonly string[];
  readonly #findings: Findings;
  /** By name, the directory that has it. */
  #places: Promise<ReadonlyMap<string, string>> | undefined;
  readonly #read = new Map<string, Promise<DeviceType | string>>();

  /** Of two files of one name that in the earlier directory counts. Mistakes in the files go to `findings`. */
  constructor(directories: readonly string[], findings: Findings) {
    this.#directories = directories;
    this.#findings = findings;
  }

  /** The type, or a sentence why there is none. */
  async find(name: string): Promise<DeviceType | string> {
    if (!/^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/.test(name)) {
      return `${JSON.stringify(name)} is no type; write VENDOR/MODEL, such as tasmota/plug`;
    }
    // Also where there is none yet: it may come, and before another.
    for (const directory of this.#directories) this.#findings.files.add(fileOf(directory, name));
    this.#places ??= placesIn(this.#directories);
    const places = await this.#places;
    const directory = places.get(name);
    if (directory === undefined) {
      const meant = nearest(name, [...places.keys()]);
      const below = [...new Set(this.#directories)].join(" or ");
      const hint = meant === undefined ? `write one of the files below ${below}` : `did you mean "${meant}"?`;
      return `${JSON.stringify(name)} is not in the catalogue; ${hint}`;
    }
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const reading = readType(name, fileOf(directory, name), this.#findings);
    this.#read.set(name, reading);
    return reading;
  }
}

function fileOf(directory: string, name: string): string {
  return join(directory, `${name}.yaml`);
}

async function placesIn(directories: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const lists = await Promise.all(
    directories.map(async (directory) =>
      (await typeNames(directory)).map((name) => [name, directory] as const),
    ),
  );
  return new Map(lists.reverse().flat());
}

/** The types of a catalogue as `VENDOR/MODEL`; none where there is no such directory. */
export async function typeNames(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.endsWith(".yaml"));
  return files.map((entry) => entry.slice(0, -".yaml".length)).sort();
}

async function readType(name: string, file: string, findings: Findings): Promise<DeviceType | string> {
  const source = await readPlain(file, findings);
  if (source === undefined) return `was in ${file}, which is gone`;
  const head = parseAt(typeSection, { source, path: [] }, findings);
  const channels = new Map<ChannelId, ChannelDraft>();
  for (const id of keysAt({ source, path: ["channels"] })) {
    const origin = { source, path: ["channels", id] };
    const problem = idProblem(id);
    if (problem !== undefined) findings.add(origin, problem, "key");
    const channel = readChannel(origin, findings);
    const value = { source, path: [...origin.path, "value"] };
    if (channel.value === undefined && !source.has(value.path))
      findings.add(value, "is missing; say what it holds");
    channels.set(id, channel);
  }
  const { address: _, channels: __, ...rest } = head ?? {};
  const { adapter } = sectionOf(source.data);
  return { ...rest, name, adapter: typeof adapter === "string" ? adapter : undefined, source, channels };
}
