import { dirname } from "node:path";
import { expect, test } from "vitest";
import { adapterKinds, loadAdapter } from "../../adapters/index.js";
import { ConfigError } from "../../src/config/findings.js";
import { loadSettings } from "../../src/config/settings.js";
import { aHouse, channelOf, devicesOf, linesOf } from "./house-files.js";

const plug = `
label: Smart plug
adapter: mqtt
class: socket
address: { topic: plug }
channels:
  power:
    label: Power
    value: switch
    confirmWithin: 5s
    address: { state: "stat/{topic}", command: "cmnd/{topic}", on: "ON", off: "OFF" }
  energy: { value: { kind: number, unit: kWh }, address: { state: "tele/{topic}", scale: 0.10 } }
`;

test("a type gives what the device does not say itself", async () => {
  const devices = await devicesOf(
    `
  kitchen-lamp:
    type: acme/plug
    class: light
    address: { topic: kitchen }
    channels:
      power: { label: Lamp, address: { on: 1 } }
      extra: { value: text, address: { state: e } }
`,
    { "devices/acme/plug.yaml": plug },
  );
  expect(devices[0]).toMatchObject({
    class: "light",
    adapter: "broker",
    main: "power",
    address: { topic: "kitchen" },
  });
  expect(channelOf(devices, "power")).toMatchObject({
    label: "Lamp",
    confirmWithin: 5000,
    address: { state: "stat/{topic}", command: "cmnd/{topic}", on: 1, off: "OFF" },
  });
  expect(channelOf(devices, "energy")?.address).toEqual({ state: "tele/{topic}", scale: 0.1 });
  expect(channelOf(devices, "extra")?.value).toEqual({ kind: "text" });
});

test("a mistake in a type is shown in its own file, once for all who use it", async () => {
  const lines = await linesOf(
    "  a: { type: acme/plug }\n  b: { type: acme/plug, channels: { power: { address: { of: 0 } } } }\n",
    {
      "devices/acme/plug.yaml": plug
        .replace("scale: 0.10", "scal: 0.10")
        .replace("class: socket", "class: sockt"),
    },
  );
  expect(lines).toEqual([
    'devices/acme/plug.yaml:4:8: class: "sockt" is not known here; did you mean "socket"? Known: light, socket, blind, lock, sensor, climate, meter, media, alarm, other',
    'devices/acme/plug.yaml:12:83: channels.energy.address.scal: unknown key "scal"; did you mean "scale"?',
    'homeroster.yaml:4:57: devices.b.channels.power.address.of: unknown key "of"; did you mean "off"?',
  ]);
});

test("types of one's own stand beside the configuration, and come before the catalogue's", async () => {
  const own = (label: string) =>
    `label: ${label}\nadapter: mqtt\nchannels: { power: { label: ${label}, value: switch, address: { state: own } } }\n`;
  const house = await aHouse(
    `adapters: { broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }
devices:
  a: { type: acme/plug }
  b: { type: tasmota/plug }
  c: { type: tasmota/relay, address: { topic: c, relay: 1 } }
`,
    { "devices/acme/plug.yaml": own("Mine"), "devices/tasmota/plug.yaml": own("Better") },
  );
  const { devices, files } = await loadSettings({ ...catalogue, file: house.file });
  const labels = devices.map(({ channels }) => channels.get("power")?.label);
  expect(labels).toEqual(["Mine", "Better", "Power"]);
  expect(files.map((file) => file.replace(dirname(house.file), "own"))).toEqual([
    "own/homeroster.yaml",
    "own/secrets.yaml",
    ...["acme/plug", "tasmota/plug", "tasmota/relay"].flatMap((name) => [
      `own/devices/${name}.yaml`,
      `${catalogue.typesDir}/${name}.yaml`,
    ]),
  ]);
});

test.each([
  ["acme/plgu", '"acme/plgu" is not in the catalogue; did you mean "acme/plug"?'],
  ["../secrets", '"../secrets" is no type; write VENDOR/MODEL, such as tasmota/plug'],
])("refuses the type %s", async (type, message) => {
  const lines = await linesOf(
    `  a: { adapter: broker, type: ${type}, channels: { x: { value: switch, address: { state: s } } } }`,
    { "devices/acme/plug.yaml": plug },
  );
  expect(lines).toEqual([`homeroster.yaml:3:31: devices.a.type: ${message}`]);
});

test("a type made for one kind of adapter does not fit another, and does not choose between two", async () => {
  const house = await aHouse(
    `adapters:
  one: { kind: mqtt, url: "mqtt://127.0.0.1" }
  two: { kind: mqtt, url: "mqtt://127.0.0.1" }
  house: { kind: simulator }
devices:
  a: { type: acme/plug }
  b: { type: acme/plug, adapter: house }
  hall-lamp: { type: acme/plug, adapter: one }
`,
    { "devices/acme/plug.yaml": plug },
  );
  expect(await house.lines()).toEqual([
    "homeroster.yaml:6:3: devices.a.adapter: is missing; name one of the adapters: one, two, house",
    "homeroster.yaml:7:34: devices.b.adapter: is of kind simulator, but the type is made for mqtt",
    "homeroster.yaml:8:3: devices.hall-lamp: is brought along by the adapter house; take another id",
  ]);
});

const catalogue = { typesDir: "devices", kinds: adapterKinds, factory: loadAdapter };

test("what the device leaves out for its type is one mistake, at the device", async () => {
  const house = await aHouse(
    'adapters: { broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }\ndevices:\n  b: { type: tasmota/plug }\n',
  );
  await expect(loadSettings({ ...catalogue, file: house.file })).rejects.toMatchObject({
    lines: [
      `${house.file}:3:3: devices.b.address.topic: is missing; what Tasmota's MQTT settings call Topic, such as kitchen (needed by the type tasmota/plug)`,
    ],
  });
});

const relay = `
adapter: mqtt
parameters:
  topic: { means: the name of the board, example: kitchen }
  relay: { means: the number of the relay, example: 1 }
  prefix: { means: the first part of its topics, example: home }
address: { prefix: home }
channels:
  power: { value: switch, address: { state: "{prefix}/{topic}/{relay}" } }
`;

async function aRelayHouse(devices: string) {
  const house = await aHouse(
    `adapters: { broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }\ndevices:\n${devices}`,
    { "devices/acme/relay.yaml": relay },
  );
  const typesDir = house.file.replace("homeroster.yaml", "devices");
  return { house, options: { ...catalogue, typesDir, file: house.file } };
}

test("a device gives the parameters of its type, but for those that the type has a value for", async () => {
  const { options } = await aRelayHouse(`
  right: { type: acme/relay, address: { topic: a, relay: 2 } }
  other: { type: acme/relay, address: { topic: a, relay: 3, prefix: work } }
`);
  const { devices } = await loadSettings(options);
  expect(devices.map(({ address }) => address)).toEqual([
    { prefix: "home", topic: "a", relay: 2 },
    { prefix: "work", topic: "a", relay: 3 },
  ]);
});

test("each parameter that a device leaves out is told with its meaning, and hides no other mistake", async () => {
  const { house, options } = await aRelayHouse(`
  a: { type: acme/relay, address: { topic: a }, channels: { power: { address: { of: 0 } } } }
  b: { type: acme/relay }
  c: { type: acme/relay, address: { topic: a, realy: 2 } }
`);
  const error: unknown = await loadSettings(options).catch((reason) => reason);
  const lines = error instanceof ConfigError ? error.lines : [];
  expect(lines.map((line) => line.replace(`${house.file}:`, ""))).toEqual([
    "4:26: devices.a.address.relay: is missing; the number of the relay, such as 1 (needed by the type acme/relay)",
    '4:81: devices.a.channels.power.address.of: unknown key "of"; did you mean "off"?',
    "5:3: devices.b.address.topic: is missing; the name of the board, such as kitchen (needed by the type acme/relay)",
    "5:3: devices.b.address.relay: is missing; the number of the relay, such as 1 (needed by the type acme/relay)",
    '6:47: devices.c.address.realy: unknown key "realy"; did you mean "relay"? (with the type acme/relay)',
  ]);
});

test("what does not go with the type is told at the device, once for each cause", async () => {
  const house = await aHouse(`adapters: { broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }
devices:
  wild: { type: tasmota/plug, address: { topic: "a/+" } }
  misspelt: { type: tasmota/plug, address: { topik: a } }
  meter: { type: tasmota/plug, address: { topic: a }, channels: { power: { value: number } } }
  same: { type: tasmota/plug, address: { topic: a }, channels: { power: { address: { on: OFF } } } }
  told: { type: tasmota/plug, address: { topic: a }, channels: { energy: { access: read-write } } }
`);
  const error: unknown = await loadSettings({ ...catalogue, file: house.file }).catch((reason) => reason);
  const lines = error instanceof ConfigError ? error.lines : [];
  expect(lines.map((line) => line.replace(`${house.file}:`, ""))).toEqual([
    '3:49: devices.wild.address.topic: "a/+" has a wildcard; commands need one plain topic',
    '4:46: devices.misspelt.address.topik: unknown key "topik"; did you mean "topic"?',
    "5:67: devices.meter.channels.power.address.on: does not fit the kind number; it is for switch, contact (with the type tasmota/plug)",
    "6:90: devices.same.channels.power.address.on: is the same as off; they must differ (with the type tasmota/plug)",
    "7:84: devices.told.channels.energy.access: is read-write, but its address says no command; read-only would be right (with the type tasmota/plug)",
  ]);
});
