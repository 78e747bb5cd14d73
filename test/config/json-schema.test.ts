import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { adapterKinds, loadAdapter } from "../../adapters/index.js";
import { typeNames } from "../../src/config/device-types.js";
import { configurationSchema } from "../../src/config/json-schema.js";
import type { AdapterSchemas } from "../../src/core/adapter.js";

const example = readFileSync("config/homeroster.example.yaml", "utf8");

const schemas = new Map<string, AdapterSchemas>();
for (const kind of adapterKinds) {
  const found = (await loadAdapter(kind))?.schemas?.();
  if (found !== undefined) schemas.set(kind, found);
}
const schema = configurationSchema(schemas, await typeNames("devices"));
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

/** Where the schema sees a mistake; `!secret x` reads as the text x to an editor. */
function mistakes(yaml: string): string[] {
  const secret = { tag: "!secret", resolve: (name: string) => name };
  validate(parse(yaml, { customTags: [secret] }));
  const leaves = (validate.errors ?? []).filter(({ keyword }) => keyword !== "if" && keyword !== "anyOf");
  return leaves.map(({ instancePath, keyword, params }) =>
    `${instancePath} ${params.additionalProperty ?? params.propertyName ?? keyword}`.trim(),
  );
}

test("every kind of adapter says what it takes", () => {
  expect([...schemas.keys()]).toEqual(adapterKinds);
});

test("the schema beside the example is that of the code (npm run generate writes it)", async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    "../../config/homeroster.schema.json",
  );
});

test("the example names the schema and follows it", () => {
  expect(example).toMatch(/^# yaml-language-server: \$schema=homeroster\.schema\.json$/m);
  expect(mistakes(example)).toEqual([]);
});

test("an empty file, and sections without lines, are right", () => {
  expect(mistakes("")).toEqual([]);
  expect(mistakes("home:\ndevices:\nadapters:\nxmpp:\n")).toEqual([]);
});

const sample = `
home: { name: Our house, language: en, timezone: Europe/Berlin, units: metric }
xmpp:
  server: component
  domain: iot.example.org
  host: 127.0.0.1
  port: 5347
  secret: !secret component
  pubsub: pubsub.example.org
owners: [alice@example.org]
people: [{ jid: bob@example.org, role: resident }]
http: { listen: 127.0.0.1:8480 }
adapters:
  broker: { kind: mqtt, url: mqtt://127.0.0.1:1883, discovery: { approve: ask, homeassistant: { prefix: homeassistant }, homie: true } }
groups: { downstairs: { label: Downstairs, devices: [kitchen-lamp, outside] } }
devices:
  kitchen-lamp: { label: Kitchen lamp, room: Kitchen, type: tasmota/plug, class: light, adapter: broker, address: { topic: kitchen } }
  outside:
    label: Outside
    adapter: broker
    address: { availability: { topic: weather/online, online: "1", offline: "0" } }
    channels:
      temperature: { value: { kind: number, unit: "°C" }, address: { state: weather/outside, extract: "$.temp" } }
      siren: { value: switch, risk: hazard, address: { state: weather/siren, command: weather/siren/set, on: 1, off: 0, qos: 1 } }
`;

test("a configuration with a bit of everything is right", () => {
  expect(mistakes(sample)).toEqual([]);
});

describe("a mistake is shown where it is:", () => {
  test.each([
    ["name: Our house", "nam: Our house", "/home nam"],
    ["units: metric", "units: metrical", "/home/units enum"],
    ["server: component", "server: componnt", "/xmpp/server enum"],
    ["port: 5347", "prot: 5347", "/xmpp prot"],
    ["  secret: !secret component\n", "", "/xmpp required"],
    ["role: resident", "role: king", "/people/0/role enum"],
    ["kind: mqtt", "kind: mqt", "/adapters/broker/kind enum"],
    ["approve: ask", "aprove: ask", "/adapters/broker/discovery aprove"],
    ["  outside:", "  Out Side:", "/devices Out Side"],
    ["  outside:", "  lock:", "/devices lock"],
    ["room: Kitchen", "rom: Kitchen", "/devices/kitchen-lamp rom"],
    ["type: tasmota/plug", "type: tasmota/plgu", "/devices/kitchen-lamp/type enum"],
    ["class: light", "class: lamp", "/devices/kitchen-lamp/class enum"],
    ["online:", "onlin:", "/devices/outside/address/availability onlin"],
    ["state: weather/outside", "stat: weather/outside", "/devices/outside/channels/temperature/address stat"],
    ["kind: number", "kind: nmber", "/devices/outside/channels/temperature/value/kind enum"],
    ["risk: hazard", "risk: high", "/devices/outside/channels/siren/risk enum"],
    ["groups:", "gruops:", "gruops"],
  ])("%s written as %s", (right, wrong, place) => {
    expect(sample).toContain(right);
    expect(mistakes(sample.replace(right, wrong))).toContain(place);
  });
});

test("a type may be one of people's own", () => {
  expect(mistakes("devices: { a: { type: acme/lamp } }")).toEqual([]);
});

test("a variable may stand for a number, a word or true, and a secret for any text", () => {
  expect(
    mistakes(`
home: { units: "\${UNITS}" }
xmpp: { server: component, domain: !secret domain, port: !secret port, secret: !secret s, host: !secret "the host" }
adapters: { broker: { kind: mqtt, url: !secret url, will: { topic: a, payload: b, retain: "\${RETAIN}", qos: "\${QOS}" } } }
devices: { a: { channels: { x: { value: { kind: number, min: "\${MIN}", max: !secret max }, staleAfter: "\${STALE}" } } } }
`),
  ).toEqual([]);
  expect(
    mistakes("adapters: { broker: { kind: mqtt, url: a, will: { topic: a, payload: b, retain: yes } } }"),
  ).toContain("/adapters/broker/will/retain type");
  expect(mistakes("xmpp: { server: component, domain: a, secret: b, port: 70000 }")).toEqual([
    "/xmpp/port maximum",
  ]);
});
