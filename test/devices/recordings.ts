import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Device } from "../../src/core/device.js";
import type { Value } from "../../src/core/value.js";
import { parseReport } from "../../src/core/value-parse.js";
import type { RecordingSink } from "../support/recording-sink.js";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const recording = z.strictObject({
  /** Over the examples of the parameters. */
  address: z.record(z.string(), scalar).default({}),
  /** What the device says, and what the gateway makes of it. */
  heard: z.array(
    z.strictObject({
      topic: z.string(),
      payload: z.string(),
      values: z.record(z.string(), scalar).default({}),
      events: z.record(z.string(), z.string()).default({}),
      availability: z.enum(["online", "offline"]).optional(),
    }),
  ),
  /** What a person says, and what the device gets. */
  told: z
    .array(z.strictObject({ channel: z.string(), value: scalar, topic: z.string(), payload: z.string() }))
    .default([]),
});
type Recording = z.output<typeof recording>;

const directory = new URL("payloads/", import.meta.url);

/** Messages of real devices, in the words of their vendors' documents, by model. */
export const recordings: ReadonlyMap<string, Recording> = new Map(
  readdirSync(directory).flatMap((file) => {
    const vendor = file.replace(".yaml", "");
    const models = z
      .record(z.string(), recording)
      .parse(parse(readFileSync(new URL(file, directory), "utf8")));
    return Object.entries(models).map(([model, recorded]) => [`${vendor}/${model}`, recorded] as const);
  }),
);

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
