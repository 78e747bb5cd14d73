import { z } from "zod";
import { type ChannelId, deviceClasses, risks } from "../core/device.js";
import { booleanWords, type ValueKind, type ValueSpec } from "../core/value.js";
import { duration, notKnown, strict } from "../schema.js";
import type { Findings, Origin } from "./findings.js";
import { labelOfId } from "./label.js";
import { parseAt, sectionOf } from "./readings.js";
import { label } from "./sections.js";

const words = z.enum(booleanWords).describe("How its two values are called.").exactOptional();

/** An option is a word; written as a number, it is still one. */
const option = z.union([z.string().min(1), z.number().transform(String)]);

const bounds = z.object({ min: z.number(), max: z.number() });

export const specs = {
  switch: strict({ kind: z.literal("switch"), words }),
  contact: strict({ kind: z.literal("contact"), words }),
  level: strict({ kind: z.literal("level") }),
  color: strict({ kind: z.literal("color") }),
  cover: strict({ kind: z.literal("cover") }),
  number: strict({
    kind: z.literal("number"),
    unit: label.describe("Such as °C, %, W, kWh, hPa.").exactOptional(),
    min: z.number().describe("The least that may be asked for.").exactOptional(),
    max: z.number().describe("The most that may be asked for.").exactOptional(),
    step: z.number().positive().exactOptional(),
  }).refine(({ min, max }) => min === undefined || max === undefined || min < max, {
    path: ["max"],
    error: "must be more than min",
    // Also beside other mistakes in the section.
    when: ({ value }) => bounds.safeParse(value).success,
  }),
  text: strict({ kind: z.literal("text") }),
  choice: strict({
    kind: z.literal("choice"),
    options: z
      .array(option)
      .min(1)
      .refine((options) => new Set(options).size === options.length, { error: "has an option twice" }),
  }),
  lock: strict({ kind: z.literal("lock") }),
  datetime: strict({ kind: z.literal("datetime") }),
  location: strict({ kind: z.literal("location") }),
  image: strict({ kind: z.literal("image") }),
  button: strict({ kind: z.literal("button") }),
  event: strict({ kind: z.literal("event") }),
} as const satisfies Record<ValueKind, z.ZodType<ValueSpec>>;

const kinds = Object.keys(specs);

function isKind(kind: unknown): kind is ValueKind {
  return typeof kind === "string" && Object.hasOwn(specs, kind);
}

/** Of each kind one that says no more than it has to. */
const plainSpecs: readonly ValueSpec[] = Object.keys(specs)
  .filter(isKind)
  .map((kind) => (kind === "choice" ? { kind, options: ["any"] } : { kind }));

/** What a value that is wrong may be meant to hold: its kind, if that is right, else any. */
function meantBy(raw: unknown): readonly ValueSpec[] {
  const kind = typeof raw === "string" ? raw : sectionOf(raw).kind;
  return isKind(kind) ? plainSpecs.filter((spec) => spec.kind === kind) : plainSpecs;
}

/** `switch` is short for `{ kind: switch }`. */
const shortSpec = z.string().transform((kind, context): ValueSpec => {
  const spec = isKind(kind) ? specs[kind].safeParse({ kind }) : undefined;
  if (spec?.success === true) return spec.data;
  context.addIssue(
    spec === undefined ? notKnown(kind, kinds) : `needs more: write { kind: ${kind}, options: [...] }`,
  );
  return z.NEVER;
});

function specSchema(raw: unknown): z.ZodType<ValueSpec> {
  const { kind } = sectionOf(raw);
  if (typeof raw !== "object" || raw === null) return shortSpec;
  return isKind(kind) ? specs[kind] : z.looseObject({ kind: z.enum(kinds) }).pipe(z.never());
}

const accesses = {
  "read-only": { readable: true, writable: false },
  "write-only": { readable: false, writable: true },
  "read-write": { readable: true, writable: true },
} as const;

export const channelSection = strict({
  label: label.describe("Default: the id, made readable.").exactOptional(),
  value: z.unknown().describe("What it holds: a kind, or a section with more of it."),
  access: z
    .enum(["read-only", "write-only", "read-write"])
    .describe("Default: what the address allows.")
    .exactOptional(),
  risk: z
    .enum(risks)
    .describe("How much harm a command can do; a hazard is confirmed. Default: by kind and class.")
    .exactOptional(),
  confirmWithin: duration
    .describe("How soon the device reports what it was told: 10s by default, a cover 60s. 0s: it never does.")
    .exactOptional(),
  staleAfter: duration
    .describe("How long its last word counts: 25h by default; where it is polled, three polls.")
    .exactOptional(),
  address: z.unknown().describe("Where it is read and written: the adapter's own words."),
}).partial({ value: true, address: true });

export const deviceClass = z.enum(deviceClasses);

/** A channel as one file says it. */
export interface ChannelDraft {
  readonly fields: Omit<z.output<typeof channelSection>, "value" | "address">;
  readonly value: ValueSpec | undefined;
  /** The value; where it is wrong or missing, all that it may be meant to be. */
  readonly meant: readonly ValueSpec[];
  readonly address: unknown;
}

/** Reads a channel of a device or of a type. Mistakes go to `findings`, and what is right is still read. */
export function readChannel(origin: Origin, findings: Findings): ChannelDraft {
  const { source, path } = origin;
  const { value: _, address: __, ...fields } = parseAt(channelSection, origin, findings) ?? {};
  const raw = sectionOf(source.at(path));
  const spec = { source, path: [...path, "value"] };
  const value = raw.value === undefined ? undefined : parseAt(specSchema(raw.value), spec, findings);
  return { fields, value, meant: value === undefined ? meantBy(raw.value) : [value], address: raw.address };
}

/** What people may do with the channel, of what its address allows. The second is what is wrong with the wish. */
export function accessOf(
  spec: ValueSpec,
  wish: keyof typeof accesses | undefined,
  possible: { readonly readable: boolean; readonly writable: boolean },
): { readonly readable: boolean; readonly writable: boolean; readonly problem?: string } {
  const readable = possible.readable && spec.kind !== "button";
  const writable = possible.writable && !commandless.has(spec.kind);
  if (wish === undefined) return { readable, writable };
  const wanted = accesses[wish];
  const access = { readable: wanted.readable && readable, writable: wanted.writable && writable };
  if (wanted.writable && !writable) {
    const why = commandless.has(spec.kind)
      ? `a ${spec.kind} takes no commands`
      : "its address says no command";
    return { ...access, problem: `is ${wish}, but ${why}; read-only would be right` };
  }
  if (wanted.readable && !readable) {
    const why = spec.kind === "button" ? "a button has no value" : "its address says nothing to read";
    return { ...access, problem: `is ${wish}, but ${why}; write-only would be right` };
  }
  return access;
}

const commandless: ReadonlySet<ValueKind> = new Set(["contact", "location", "image", "event"]);

export function channelLabel(id: ChannelId, given: string | undefined): string {
  return given === undefined || given === "" ? labelOfId(id) : given;
}
