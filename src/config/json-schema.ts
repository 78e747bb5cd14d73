import type { z } from "zod";
import type { AdapterSchemas, JsonSchema } from "../core/adapter.js";
import { idPattern } from "../core/device.js";
import { jsonSchemaOf } from "../schema.js";
import { channelSection, specs } from "./channels.js";
import { deviceSection } from "./devices.js";
import { reservedIds } from "./ids.js";
import { migrations } from "./migrations.js";
import { sectionOf } from "./readings.js";
import * as sections from "./sections.js";
import { component, embedded } from "./xmpp-settings.js";

/**
 * The configuration as a JSON Schema (draft 2020-12), for editors. `adapters` are by kind, `types` those of the catalogue.
 * It knows every key and less than the gateway of what may stand there, for it cannot see what `!secret` and `${ENV}`
 * stand for.
 */
export function configurationSchema(
  adapters: ReadonlyMap<string, AdapterSchemas>,
  types: readonly string[],
): JsonSchema {
  const carriers = [...adapters.values()].filter(({ device }) => device !== undefined);
  const addresses = {
    device: anyOf(carriers.map(({ device = {} }) => device)),
    channel: anyOf(carriers.map(({ channel = {} }) => channel)),
  };
  const names = { pattern: idPattern.source, not: { enum: [...reservedIds] } };
  const properties = {
    home: jsonSchemaOf(sections.home),
    xmpp: xmppSchema(),
    owners: jsonSchemaOf(sections.owners),
    people: jsonSchemaOf(sections.people),
    http: jsonSchemaOf(sections.http),
    mqtt: jsonSchemaOf(sections.mqtt),
    adapters: named("What connects the gateway to devices, by name.", adapterSchema(adapters)),
    groups: named("Devices under one name, by id.", jsonSchemaOf(sections.group), names),
    devices: named(
      "The devices, by id, which is the first part of a JID.",
      deviceSchema(addresses, types),
      names,
    ),
  } satisfies Record<Exclude<keyof typeof sections.root.shape, "version">, JsonSchema>;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Homeroster",
    type: ["object", "null"],
    properties: {
      version: { description: "Of the form of this file; it may be left out.", const: migrations.length + 1 },
      ...Object.fromEntries(
        Object.entries(properties).map(([key, schema]) => [key, orEmpty(withVariables(schema))]),
      ),
    },
    additionalProperties: false,
  };
}

/** A channel, of a device or of a type in the catalogue. */
export function channelSchema(address: JsonSchema): JsonSchema {
  const section = jsonSchemaOf(channelSection);
  const { value, address: sealed, ...others } = propertiesOf(section);
  return {
    ...section,
    properties: {
      value: { ...sectionOf(value), ...valueSchema() },
      ...others,
      address: { ...sectionOf(sealed), ...address },
    },
  };
}

/** `switch`, or `{ kind: switch }`. */
function valueSchema(): JsonSchema {
  const kinds = Object.entries(specs);
  const short = kinds.filter(([kind, spec]) => spec.safeParse({ kind }).success).map(([kind]) => kind);
  const long = byKey("kind", new Map(kinds.map(([kind, spec]) => [kind, jsonSchemaOf(spec)])));
  return { anyOf: [{ enum: short }, long] };
}

function deviceSchema(
  addresses: { readonly device: JsonSchema; readonly channel: JsonSchema },
  types: readonly string[],
): JsonSchema {
  const section = jsonSchemaOf(deviceSection);
  const { address, type, channels: _, ...others } = propertiesOf(section);
  const channels = named(
    "Its channels, by id; over the type's, key by key.",
    channelSchema(addresses.channel),
  );
  return {
    ...section,
    properties: {
      ...others,
      type: { ...sectionOf(type), anyOf: [{ enum: types }, { pattern: foreignTo(types) }] },
      address: { ...sectionOf(address), ...addresses.device },
      channels,
    },
  };
}

/** Types of people's own, of which nothing is known but that the catalogue does not have their vendor. */
function foreignTo(types: readonly string[]): string {
  const vendors = new Set(types.map((type) => type.slice(0, type.indexOf("/"))));
  return `^(?!(?:${[...vendors].join("|")})/)`;
}

function adapterSchema(adapters: ReadonlyMap<string, AdapterSchemas>): JsonSchema {
  const settings = [...adapters].map(([kind, { settings }]): [string, JsonSchema] => [
    kind,
    { ...settings, properties: { kind: { const: kind }, ...propertiesOf(settings) } },
  ]);
  return byKey("kind", new Map(settings));
}

function xmppSchema(): JsonSchema {
  return {
    type: "object",
    properties: { server: { enum: ["embedded", "component"] } },
    if: { properties: { server: { const: "component" } }, required: ["server"] },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: form(component),
    else: form(embedded),
  };
}

/** What is said of a section, were it one: it may be empty. */
function form(schema: z.ZodType): JsonSchema {
  const { type: _, default: __, ...rest } = jsonSchemaOf(schema);
  return rest;
}

/** A section whose form follows from one of its keys: an editor then complains of the form that was meant. */
export function byKey(key: string, forms: ReadonlyMap<string, JsonSchema>): JsonSchema {
  return {
    type: "object",
    properties: { [key]: { enum: [...forms.keys()] } },
    required: [key],
    allOf: [...forms].map(([value, form]) => ({
      if: { properties: { [key]: { const: value } }, required: [key] },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: form,
    })),
  };
}

export function named(
  description: string,
  entry: JsonSchema,
  names: JsonSchema = { pattern: idPattern.source },
): JsonSchema {
  return { description, type: "object", propertyNames: names, additionalProperties: entry };
}

function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [only, ...others] = schemas;
  return only !== undefined && others.length === 0 ? only : { anyOf: schemas };
}

/** A section whose lines are all commented out is as good as absent. */
function orEmpty(schema: JsonSchema): JsonSchema {
  return { ...schema, type: [schema.type, "null"] };
}

const variable: JsonSchema = { type: "string", pattern: "\\$\\{[A-Za-z_]\\w*\\}" };
/** What a text must look like can be said of the text alone, not of what stands for it. */
const ofTheText = new Set(["pattern", "format", "minLength"]);
/** Lets a variable or a secret stand wherever the gateway takes one; or what else stands for texts. */
export function withVariables(schema: unknown, stand = variable): JsonSchema {
  const { description, default: preset, ...rest } = sectionOf(schema);
  const node: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest)
      .filter(([word]) => !(rest.type === "string" && ofTheText.has(word)))
      .map(([word, value]) => [word, inside(word, value, stand)]),
  );
  const isClosed = (node.type === "boolean" && node.const === undefined) || isChoice(node);
  if (!isClosed && (node.type === "number" || node.type === "integer")) node.type = [node.type, "string"];
  return {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    ...(isClosed ? { anyOf: [node, stand] } : node),
  };
}

function isChoice({ enum: values, type }: JsonSchema): boolean {
  return Array.isArray(values) && type !== undefined;
}

function inside(word: string, value: unknown, stand: JsonSchema): unknown {
  const within = (schema: unknown) => withVariables(schema, stand);
  switch (word) {
    case "properties":
      return Object.fromEntries(
        Object.entries(sectionOf(value)).map(([key, schema]) => [key, within(schema)]),
      );
    case "additionalProperties":
      return value === false ? false : within(value);
    case "items":
    case "then":
    case "else":
      return within(value);
    case "allOf":
    case "anyOf":
      return Array.isArray(value) ? value.map(within) : value;
    default:
      return value;
  }
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, unknown>> {
  return sectionOf(schema.properties);
}
