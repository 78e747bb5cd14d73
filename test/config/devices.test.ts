import { expect, test } from "vitest";
import { aHouse, channelOf, devicesOf, linesOf } from "./house-files.js";

test("reads a device with all that may be said of it", async () => {
  const [device] = await devicesOf(`
  outside:
    label: Outside
    room: Garden
    class: alarm
    adapter: broker
    main: temperature
    address: { topic: weather }
    channels:
      temperature: { value: { kind: number, unit: "°C" }, staleAfter: 10m, address: { state: t } }
      siren: { label: The siren, value: switch, risk: hazard, confirmWithin: 2, address: { state: s, command: c, on: 1, off: 0 } }
`);
  expect(device).toEqual({
    id: "outside",
    label: "Outside",
    room: "Garden",
    class: "alarm",
    adapter: "broker",
    main: "temperature",
    address: { topic: "weather" },
    channels: new Map([
      [
        "temperature",
        {
          id: "temperature",
          label: "Temperature",
          value: { kind: "number", unit: "°C" },
          readable: true,
          writable: false,
          staleAfter: 600_000,
          address: { state: "t" },
        },
      ],
      [
        "siren",
        {
          id: "siren",
          label: "The siren",
          value: { kind: "switch" },
          readable: true,
          writable: true,
          risk: "hazard",
          confirmWithin: 2000,
          address: { state: "s", command: "c", on: 1, off: 0 },
        },
      ],
    ]),
  });
});

test("an adapter knows how long the word of a channel counts, unless the configuration says so", async () => {
  const devices = await devicesOf(`
  meter:
    adapter: broker
    address: { every: 10s }
    channels:
      asked: { value: switch, address: { state: s } }
      own: { value: switch, staleAfter: 1h, address: { state: s } }
      told: { value: switch, address: { command: c } }
`);
  const staleAfter = [...(devices[0]?.channels.values() ?? [])].map((channel) => channel.staleAfter);
  expect(staleAfter).toEqual([30_000, 3_600_000, undefined]);
});

test("a payload stays as it was written, and a number is one where one is wanted", async () => {
  const devices = await devicesOf(`
  porch:
    adapter: broker
    address: { every: 1.0 }
    channels:
      power: { value: switch, address: { state: s, command: c, on: 01, off: TRUE, scale: 0.10 } }
`);
  expect(channelOf(devices, "power")?.address).toEqual({
    state: "s",
    command: "c",
    on: "01",
    off: "TRUE",
    scale: 0.1,
  });
  expect(devices[0]?.address).toEqual({ every: 1 });
});

test("what is not said follows from the id, the channels and what their addresses allow", async () => {
  const [device] = await devicesOf(`
  front-door-2:
    adapter: broker
    channels:
      battery: { value: { kind: number, unit: "%" }, address: { state: b } }
      bolt: { value: lock, address: { state: s, command: c } }
      bell: { value: button, address: { state: x, command: c } }
      open: { value: { kind: contact, words: open/closed }, address: { state: o, command: c } }
`);
  expect(device).toMatchObject({ label: "Front door 2", class: "lock", main: "bolt" });
  expect(device).not.toHaveProperty("room");
  expect(
    [...(device?.channels.values() ?? [])].map(({ id, readable, writable }) => [id, readable, writable]),
  ).toEqual([
    ["battery", true, false],
    ["bolt", true, true],
    ["bell", false, true],
    ["open", true, false],
  ]);
});

test.each([
  ["cover", "blind"],
  ["color", "light"],
  ["level", "other"],
])("a device with a %s to command is guessed to be: %s", async (kind, guess) => {
  const [device] = await devicesOf(
    `  a: { adapter: broker, channels: { x: { value: ${kind}, address: { state: s, command: c } } } }`,
  );
  expect(device?.class).toBe(guess);
});

test("access may be less than the address allows", async () => {
  const devices = await devicesOf(
    "  a: { adapter: broker, channels: { x: { value: switch, access: read-only, address: { state: s, command: c } } } }",
  );
  expect(channelOf(devices, "x")).toMatchObject({ readable: true, writable: false });
});

test.each([
  [
    "{ value: switch, access: read-write, address: { state: s } }",
    "a.channels.x.access: is read-write, but its address says no command; read-only would be right",
  ],
  [
    "{ value: image, access: write-only, address: { state: s, command: c } }",
    "a.channels.x.access: is write-only, but a image takes no commands; read-only would be right",
  ],
  [
    "{ value: switch }",
    "a.channels.x.address: says nothing to read and no command; a channel needs one of the two",
  ],
  [
    "{ address: { state: s } }",
    "a.channels.x.value: is missing; write what the channel holds, such as switch or { kind: number }",
  ],
  [
    "{ value: choice, address: { state: s } }",
    "a.channels.x.value: needs more: write { kind: choice, options: [...] }",
  ],
  [
    "{ value: { kind: nmber }, address: { state: s } }",
    'a.channels.x.value.kind: "nmber" is not known here; did you mean "number"? Known: switch, contact, level, color, cover, number, text, choice, lock, datetime, location, image, button, event',
  ],
  [
    "{ value: { kind: choice, options: [a, a] }, address: { state: s } }",
    "a.channels.x.value.options: has an option twice",
  ],
])("refuses the channel %s", async (channel, line) => {
  const lines = await linesOf(`  a: { adapter: broker, channels: { x: ${channel} } }`);
  expect(lines.map((text) => text.replace(/^homeroster\.yaml:\d+:\d+: devices\./, ""))).toEqual([line]);
});

test("ids are ids, and no words of the house", async () => {
  const channels = "channels: { x: { value: switch, address: { state: s } } }";
  expect(
    await linesOf(`  Küche: { adapter: broker, ${channels} }\n  lock: { adapter: broker, ${channels} }\n`),
  ).toEqual([
    'homeroster.yaml:3:3: devices."Küche": is no id (a-z, 0-9 and "-", 63 at most, no "-" in front); "kuche" would be one',
    'homeroster.yaml:4:3: devices.lock: is a word of the house itself; another id would be right, such as "lock-1"',
  ]);
});

test("labels and rooms are shown clean", async () => {
  const [device] = await devicesOf(`
  lamp:
    label: "La\\tmp\\u202e ${"é".repeat(80)}"
    room: "\\u0007"
    adapter: broker
    channels: { x: { value: switch, address: { state: s } } }
`);
  expect(device?.label).toBe(`La mp ${"é".repeat(58)}`);
  expect(device).not.toHaveProperty("room");
});

test("a device that names no adapter takes the only one that carries devices", async () => {
  const device = "devices: { a: { channels: { x: { value: switch, address: { state: s } } } } }\n";
  const one = 'adapters: { house: { kind: simulator }, broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }\n';
  const settings = await (await aHouse(one + device)).load();
  expect(settings.devices.map(({ id, adapter }) => [id, adapter])).toEqual([
    ["hall-lamp", "house"],
    ["a", "broker"],
  ]);
});

test.each([
  ["adapters: { house: { kind: simulator } }", "house"],
  ['adapters: { one: { kind: mqtt, url: "mqtt://a" }, two: { kind: mqtt, url: "mqtt://b" } }', "one, two"],
  ["adapters: {}", "(there are none yet)"],
])("a device that names no adapter is refused with %s", async (adapters, names) => {
  const house = await aHouse(
    `${adapters}\ndevices: { a: { channels: { x: { value: switch, address: { state: s } } } } }\n`,
  );
  expect(await house.lines()).toEqual([
    `homeroster.yaml:2:12: devices.a.adapter: is missing; name one of the adapters: ${names}`,
  ]);
});

test("a wrong kind is told once, not again for each device that would take the adapter", async () => {
  const house = await aHouse(
    "adapters: { b: { kind: mqt } }\ndevices: { a: { channels: { x: { value: switch, address: {} } } } }\n",
  );
  expect(await house.lines()).toEqual([expect.stringMatching(/ adapters\.b\.kind: "mqt" is not known/)]);
});

test.each([
  [
    "{ value: { kind: number, min: 5, max: 1, stp: 1 }, address: { state: s, scal: 2 } }",
    ["value.max: must be more than min", 'value.stp: unknown key "stp"', 'address.scal: unknown key "scal"'],
  ],
  [
    "{ value: swich, address: { state: s, of: 2 } }",
    ['value: "swich" is not known here', 'address.of: unknown key "of"'],
  ],
  ["{ address: { of: 2 } }", ["value: is missing", 'address.of: unknown key "of"']],
  [
    "{ value: { kind: switch, wrds: a }, access: read-write, address: { state: s } }",
    ['value.wrds: unknown key "wrds"', "access: is read-write, but its address says no command"],
  ],
])("a wrong value hides no other mistake in the channel %s", async (channel, mistakes) => {
  const lines = await linesOf(`  a: { adapter: broker, channels: { x: ${channel} } }`);
  const told = lines.map((line) => line.replace(/^.*?channels\.x\./, ""));
  expect(told).toEqual(mistakes.map((start) => expect.stringContaining(start)));
});
