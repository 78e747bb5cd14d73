import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { adapterKinds, loadAdapter } from "../../adapters/index.js";
import { loadSettings } from "../../src/config/settings.js";
import { aHouse, fakeKinds } from "./house-files.js";

test("tells every mistake of a file in one go, each with its place and its cure", async () => {
  const house = await aHouse(`
home: { nam: Our house, timezone: Europe/Berln }
xmpp: { server: component, domain: iot.example.org, host: xmpp.example.org, secret: !secret componnt }
owners: [alice]
http: { listen: 8480 }
adapters:
  broker: { kind: mqtt, url: "http://127.0.0.1", user: me }
  meter: { kind: seral }
devices:
  Kitchen Lamp:
    adapter: brokr
    channels: { power: { value: swich, address: {} } }
  outside:
    adapter: broker
    main: temperatur
    channels:
      temperature: { value: { kind: number, min: 5, max: 1 }, risk: high, address: { stat: a } }
groups: { all-of-it: { devices: [outside, outsid] } }
`);
  expect(await house.lines()).toEqual([
    'homeroster.yaml:2:9: home.nam: unknown key "nam"; did you mean "name"?',
    "homeroster.yaml:2:35: home.timezone: is no time zone; write one such as Europe/Berlin",
    'homeroster.yaml:3:59: xmpp.host: is another machine, and the link would be plain text; add "tls: true" (direct TLS), or use 127.0.0.1',
    'homeroster.yaml:3:93: xmpp.secret: asks for the secret "componnt", but there is no secrets.yaml; create it with the line "componnt: ..." and mode 600',
    'homeroster.yaml:4:10: owners[0]: "alice" is no address; write one such as alice@example.org',
    'homeroster.yaml:5:17: http.listen: 8480 is no address to listen on; write IP:PORT, such as 127.0.0.1:8480 or "[::1]:8480"',
    "homeroster.yaml:7:30: adapters.broker.url: is no valid URL, such as http://host/path",
    'homeroster.yaml:7:50: adapters.broker.user: unknown key "user"; known here: url, password',
    'homeroster.yaml:8:18: adapters.meter.kind: "seral" is not known here; did you mean "serial"? Known: mqtt, simulator, serial',
    'homeroster.yaml:10:3: devices."Kitchen Lamp": is no id (a-z, 0-9 and "-", 63 at most, no "-" in front); "kitchen-lamp" would be one',
    'homeroster.yaml:11:14: devices."Kitchen Lamp".adapter: "brokr" is not known here; did you mean "broker"? Known: broker, meter',
    'homeroster.yaml:12:33: devices."Kitchen Lamp".channels.power.value: "swich" is not known here; did you mean "switch"? Known: switch, contact, level, color, cover, number, text, choice, lock, datetime, location, image, button, event',
    'homeroster.yaml:15:11: devices.outside.main: names a channel that is not there: "temperatur" is not known here; did you mean "temperature"? Known: temperature',
    "homeroster.yaml:17:58: devices.outside.channels.temperature.value.max: must be more than min",
    'homeroster.yaml:17:69: devices.outside.channels.temperature.risk: "high" is not known here; known: safe, caution, hazard',
    'homeroster.yaml:17:86: devices.outside.channels.temperature.address.stat: unknown key "stat"; did you mean "state"?',
    'homeroster.yaml:18:43: groups.all-of-it.devices[1]: "outsid" is not known here; did you mean "outside"? Known: Kitchen Lamp, outside',
  ]);
});

test.each([
  ["home: [a]", "homeroster.yaml:1:7: home: is a list, but a section with keys is expected"],
  ["devices: { a: 5 }", "homeroster.yaml:1:15: devices.a: is 5, but a section with keys is expected"],
  [
    "home: { language: english }",
    "homeroster.yaml:1:19: home.language: is no language tag; write one such as en or de",
  ],
  ["devices: 5", "homeroster.yaml:1:10: devices: is 5, but a section with keys is expected"],
  ["home: { name: 5 }", 'homeroster.yaml:1:15: home.name: is 5, but text is expected; put it in quotes: "5"'],
  [
    "xmpp: { server: prosody }",
    'homeroster.yaml:1:17: xmpp.server: "prosody" is not known here; known: embedded, component',
  ],
  [
    "xmpp:\n  domain: iot.example.org",
    'homeroster.yaml:2:3: xmpp.domain: belongs to a server of your own; add "server: component", or leave it out',
  ],
  [
    "xmpp: { embedded: { domain: häuschen.local } }",
    "homeroster.yaml:1:29: xmpp.embedded.domain: has letters beyond a-z; write one such as home.local",
  ],
  [
    "xmpp: { embedded: { domain: home-.local } }",
    'homeroster.yaml:1:29: xmpp.embedded.domain: "home-.local" is no domain; write one such as iot.example.org',
  ],
  [
    "xmpp: { server: component, domain: iot.example.org, secret: 12345678 }",
    "homeroster.yaml:1:61: xmpp.secret: is no text; put it in quotes",
  ],
  [
    "xmpp:\n  server: component\n  domain: iot.example.org",
    "homeroster.yaml:1:1: xmpp.secret: is missing; text is expected here",
  ],
  [
    "owners: [alice@example.org/phone]",
    'homeroster.yaml:1:10: owners[0]: "alice@example.org/phone" has a resource; write the bare address, such as alice@example.org',
  ],
  [
    "people: [{ jid: a@b.c, role: viewer }, { jid: A@B.C, role: admin }]",
    "homeroster.yaml:1:47: people[1].jid: a@b.c is here twice; keep one of the two",
  ],
  [
    "mqtt: { listen: 0.0.0.0:1883 }",
    "homeroster.yaml:1:17: mqtt.listen: is open to other machines, which needs passwords; add users, or listen on 127.0.0.1",
  ],
  [
    "adapters: { broker: { kind: mqtt, url: embedded } }",
    'homeroster.yaml:1:40: adapters.broker.url: names the broker inside the gateway, which is off; add "mqtt: { listen: 127.0.0.1:1883 }"',
  ],
  [
    "adapters: { meter: { kind: serial } }",
    'homeroster.yaml:1:28: adapters.meter.kind: "serial" is not available in this version',
  ],
  [
    "home: { name: A }\nhome: { name: B }",
    "homeroster.yaml:2:1: home: is written twice; keep one of the two",
  ],
  [
    "home: { name: !vault x }",
    "homeroster.yaml:1:22: home.name: has the tag !vault; !secret is the only one",
  ],
  [
    "xmpp: { presenceEvery: fast }",
    'homeroster.yaml:1:24: xmpp.presenceEvery: is no duration; write seconds as a number, or "500ms", "30s", "5m", "25h", "7d"',
  ],
  ["xmpp: { presenceEvery: 30d }", "homeroster.yaml:1:24: xmpp.presenceEvery: is too long; 24d is the most"],
])("refuses %j", async (config, line) => {
  const house = await aHouse(config);
  expect(await house.lines()).toEqual([line]);
});

test("fills in every default of an empty file, and brings no simulator", async () => {
  const house = await aHouse("# nothing yet\n");
  expect(await house.load()).toEqual({
    home: {
      name: "Home",
      language: "en",
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      units: "metric",
    },
    xmpp: {
      server: "embedded",
      listen: "loopback",
      pubsubNames: "plain",
      presenceEvery: 30_000,
      publishEvery: 1000,
    },
    owners: [],
    people: [],
    http: { host: "127.0.0.1", port: 8480, isDefault: true },
    adapters: [],
    groups: [],
    devices: [],
    file: house.file,
    files: [house.file, join(dirname(house.file), "secrets.yaml")],
    warnings: [],
  });
});

test("a system without a time zone that is known has UTC", async () => {
  const system = { ...Intl.DateTimeFormat().resolvedOptions() };
  const spy = vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions");
  onTestFinished(() => spy.mockRestore());
  const house = await aHouse("");
  spy.mockReturnValue({ ...system, timeZone: "Mars/Olympus" });
  expect((await house.load()).home.timezone).toBe("UTC");
  spy.mockReturnValue({ ...system, timeZone: "Asia/Kolkata" });
  expect((await house.load()).home.timezone).toBe("Asia/Kolkata");
});

test("without a file there is a simulated house, and a broker inside the gateway", async () => {
  const empty = await aHouse("", { "elsewhere/config/other.yaml": "" });
  const before = process.cwd();
  process.chdir(join(dirname(empty.file), "elsewhere"));
  onTestFinished(() => process.chdir(before));
  const settings = await loadSettings({
    kinds: Object.keys(fakeKinds),
    factory: async (kind) => fakeKinds[kind],
    typesDir: "devices",
  });
  expect(settings.file).toBeUndefined();
  expect(settings.mqtt).toEqual({ host: "127.0.0.1", users: [] });
  expect(settings.adapters).toEqual([
    { name: "house", kind: "simulator", settings: {} },
    { name: "broker", kind: "mqtt", settings: { url: "embedded" } },
  ]);
  expect(settings.devices.map(({ id, adapter }) => [id, adapter])).toEqual([["hall-lamp", "house"]]);
});

test.each([
  [
    "house.yaml",
    `house.yaml:1:1: there is no file ${resolve("house.yaml")}; correct the path behind --config, or leave it out for config/homeroster.yaml`,
  ],
  ["config", "config:1:1: is a directory; name the file in it"],
])("a file that was named must be there: %s", async (file, line) => {
  const load = loadSettings({ file, kinds: [], factory: async () => undefined, typesDir: "devices" });
  await expect(load).rejects.toMatchObject({ code: "config-invalid", lines: [line] });
});

test("the example runs where another start already fixed the domain, and warns of nothing", async () => {
  const { xmpp, adapters, warnings } = await loadSettings({
    file: "config/homeroster.example.yaml",
    kinds: adapterKinds,
    factory: loadAdapter,
    typesDir: "devices",
  });
  expect(xmpp).not.toHaveProperty("domain");
  expect(adapters.map(({ kind }) => kind)).toEqual(["mqtt", "http", "serial"]);
  expect(warnings).toEqual([]);
});

test("reads a server of one's own, with its secret, and normalises addresses", async () => {
  const house = await aHouse(
    `
xmpp:
  server: component
  domain: IoT.Example.org
  host: xmpp.example.org
  tls: true
  secret: !secret component
  pubsub: pubsub.example.org
  pubsubNames: opaque
  publishEvery: 0
owners: [Alice@Example.ORG, alice@example.org]
http: { listen: "[::1]:0" }
`,
    { "secrets.yaml": "component: 0123\n" },
  );
  expect(await house.load()).toMatchObject({
    xmpp: {
      server: "component",
      domain: "iot.example.org",
      host: "xmpp.example.org",
      port: 5347,
      tls: {},
      secret: "0123",
      pubsub: "pubsub.example.org",
      pubsubNames: "opaque",
      publishEvery: 0,
    },
    owners: ["alice@example.org"],
    http: { host: "::1", port: 0, isDefault: false },
    warnings: [],
  });
});

test("warns of what is allowed but was hardly meant", async () => {
  const house = await aHouse(`
xmpp: { server: component, domain: iot.example.org, secret: abcdef }
http: { listen: 0.0.0.0:8480 }
`);
  expect((await house.load()).warnings.map((line) => line.replace(/^.*homeroster\.yaml/, ""))).toEqual([
    ":1:1: owners: is empty: nobody may see the house or command it",
    ":3:17: http.listen: is open to other machines, where tokens and answers travel as plain text",
  ]);
});

test("groups have members that exist, and an id of their own", async () => {
  const house = await aHouse(`
adapters: { house: { kind: simulator } }
groups:
  down-stairs: { devices: [hall-lamp, hall-lamp] }
`);
  expect((await house.load()).groups).toEqual([
    { id: "down-stairs", label: "Down stairs", devices: ["hall-lamp"] },
  ]);
  const clash = await aHouse(`
adapters: { house: { kind: simulator } }
groups:
  hall-lamp: { devices: [] }
`);
  expect(await clash.lines()).toEqual([
    "homeroster.yaml:4:3: groups.hall-lamp: is the id of a device, too; take another",
  ]);
});
