import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Device } from "../../src/core/device.js";
import type { Value } from "../../src/core/value.js";
import { parseReport } from "../../src/core/value-parse.js";
import type { RecordingSink } from "../support/recording-sink.js";

export const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Over the examples of the parameters. */
export const address = z.record(z.string(), scalar).default({});

/** What the gateway makes of what the device says. */
export const meaning = {
  values: z
    .record(z.string(), z.union([scalar, z.strictObject({ lat: z.number(), lon: z.number() })]))
    .default({}),
  events: z.record(z.string(), z.string()).default({}),
};

const directory = new URL("payloads/", import.meta.url);

/**
 * Messages of devices, in the words of their vendors' documents, by model: what it says and what that means, what a person says and
 * what the device is told. Each transport has a directory.
 */
export function readRecordings<Recording>(
  transport: string,
  recording: z.ZodType<Recording>,
): ReadonlyMap<string, Recording> {
  const files = new URL(`${transport}/`, directory);
  return new Map(
    readdirSync(files).flatMap((file) => {
      const vendor = file.replace(".yaml", "");
      const models = z.record(z.string(), recording).parse(parse(readFileSync(new URL(file, files), "utf8")));
      return Object.entries(models).map(([model, recorded]) => [`${vendor}/${model}`, recorded] as const);
    }),
  );
}

/** What the core makes of all that a device reported; of numbers six digits. */
export function heardBy({ channels }: Device, sink: RecordingSink) {
  const values: Record<string, Value> = {};
  for (const [id, raw] of sink.reports.flatMap(({ readings }) => Object.entries(readings))) {
    const spec = channels.get(id)?.value;
    const value = spec && parseReport(spec, raw);
    if (value !== undefined) values[id] = typeof value === "number" ? Number(value.toPrecision(6)) : value;
  }
  const events = Object.fromEntries(sink.events.map(({ channel, event }) => [channel, event.type]));
  return { values, events, availability: sink.availabilities.at(-1)?.status };
}
