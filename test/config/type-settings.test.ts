import { expect, test } from "vitest";
import { adapterKinds, loadAdapter } from "../../adapters/index.js";
import { loadSettings } from "../../src/config/settings.js";
import { aHouse } from "./house-files.js";

const type = `
label: Cellar station
adapter: http
settings: { headers: { X-Key: the key }, timeout: 10s }
address: { url: "http://127.0.0.1/" }
channels:
  power: { value: { kind: number }, address: { extract: "$.power" } }
`;

async function warningsOf(adapter: string, device = "") {
  const { file } = await aHouse(
    `adapters:\n  web: { kind: http${adapter} }\ndevices:\n  station: { type: acme/station${device} }\n  other: { type: acme/station${device} }\n`,
    { "devices/acme/station.yaml": type },
  );
  const { warnings } = await loadSettings({
    file,
    typesDir: "devices",
    kinds: adapterKinds,
    factory: loadAdapter,
  });
  return warnings.map((line) => line.replace(/^.*?homeroster\.yaml/, ""));
}

test("warns once of what an adapter leaves out that the type of its devices is written for", async () => {
  expect(await warningsOf("")).toEqual([
    ':2:3: adapters.web.headers: is missing; the type acme/station is written for {"X-Key":"the key"}',
    ':2:3: adapters.web.timeout: is missing; the type acme/station is written for "10s"',
  ]);
});

test("warns of a setting that differs, but not of what stands in a section", async () => {
  expect(await warningsOf(", headers: { X-Key: mine }, timeout: 3s")).toEqual([
    ':2:57: adapters.web.timeout: differs; the type acme/station is written for "10s"',
  ]);
});

test("does not warn of what the device says itself", async () => {
  expect(await warningsOf("", ", address: { headers: { X-Key: mine }, timeout: 10s }")).toEqual([]);
});
