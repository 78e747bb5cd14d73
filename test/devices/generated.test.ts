import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { adapterKinds, loadAdapter } from "../../adapters/index.js";
import { typeSchema } from "../../src/config/type-schema.js";
import type { AdapterSchemas } from "../../src/core/adapter.js";
import { packageRoot } from "../../src/package.js";
import { modelNames, readModel } from "./model.js";
import { indexPage, vendorPage } from "./pages.js";

const schemas = new Map<string, AdapterSchemas>();
for (const kind of adapterKinds) {
  const found = (await loadAdapter(kind))?.schemas?.();
  if (found !== undefined) schemas.set(kind, found);
}
const schema = typeSchema(schemas);
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  formats: { uri: true },
}).compile(schema);
const models = await Promise.all(modelNames.map((name) => readModel(name)));
const vendors = [...new Set(modelNames.map((name) => name.split("/")[0] ?? ""))];

test("the schema beside the files is that of the code (npm run generate writes it)", async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot("../../devices/schema.json");
});

test.each(modelNames)("devices/%s.yaml follows the schema", async (name) => {
  const file = parse(await readFile(join(packageRoot, "devices", `${name}.yaml`), "utf8"));
  validate(file);
  expect(validate.errors ?? []).toEqual([]);
});

test.each([
  ["clas: light", "clas"],
  ["class: lamp", "enum"],
  ["adapter: mqt", "enum"],
  ["channels: {}", "minProperties"],
  ["channels: { power: { value: swich } }", "enum"],
  ["channels: { power: { value: switch, address: { stat: a } } }", "stat"],
])("the schema shows the mistake in %s", (line, mistake) => {
  const right = { adapter: "mqtt", channels: { power: { value: "switch", address: { state: "a" } } } };
  expect(validate(right)).toBe(true);
  expect(validate({ ...right, ...parse(line) })).toBe(false);
  const found = validate.errors?.map(({ keyword, params }) => params.additionalProperty ?? keyword);
  expect(found).toContain(mistake);
});

test("the list of models is that of the files (npm run generate writes it)", async () => {
  await expect(indexPage(models)).toMatchFileSnapshot("../../docs/devices/README.md");
});

test.each(vendors)("the page of %s is that of the files (npm run generate writes it)", async (vendor) => {
  const own = models.filter(({ type }) => type.name.startsWith(`${vendor}/`));
  await expect(vendorPage(vendor, own)).toMatchFileSnapshot(`../../docs/devices/${vendor}.md`);
});
