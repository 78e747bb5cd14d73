import type { AdapterSchemas, JsonSchema } from "../core/adapter.js";
import { jsonSchemaOf } from "../schema.js";
import { typeSection } from "./device-types.js";
import { byKey, channelSchema, named, propertiesOf, withVariables } from "./json-schema.js";

const parameter: JsonSchema = { type: "string", pattern: "\\{[A-Za-z][\\w-]*\\}" };

/** A file of the catalogue as a JSON Schema (draft 2020-12), for editors. `adapters` are by kind. */
export function typeSchema(adapters: ReadonlyMap<string, AdapterSchemas>): JsonSchema {
  const section = jsonSchemaOf(typeSection);
  const forms = [...adapters].flatMap(([kind, { settings, device, channel }]): [string, JsonSchema][] => {
    if (device === undefined || channel === undefined) return [];
    const channels = {
      ...named("Its channels, by id.", channelSchema(withVariables(channel, parameter))),
      minProperties: 1,
    };
    // Where the adapter is, the type cannot say.
    const { required: _, ...said } = settings;
    return [[kind, { properties: { settings: said, address: withVariables(device, parameter), channels } }]];
  });
  const { properties: adapter, allOf } = byKey("adapter", new Map(forms));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Homeroster device type",
    ...section,
    properties: { ...propertiesOf(section), ...propertiesOf({ properties: adapter }) },
    allOf,
  };
}
