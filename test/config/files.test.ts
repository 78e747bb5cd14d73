import { chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { aHouse } from "./house-files.js";

afterEach(() => vi.unstubAllEnvs());

test("says where a file stops being YAML, once", async () => {
  const house = await aHouse("home: { name: A }\nxmpp: [1, 2\nowners:\n  - x: [\n");
  expect(await house.lines()).toEqual([
    'homeroster.yaml:3:1: is no YAML from here on: the "[" of line 2, column 7 is not closed; add "]" before this, or indent what is in it deeper than its key',
  ]);
});

test("refuses secrets that others can read, and never prints one", async () => {
  const house = await aHouse("home: { timezone: !secret zone }\nadapters: { a: { kind: !secret pass } }\n", {
    "secrets.yaml": "zone: hunter2\npass: correct-horse\n",
  });
  const secrets = join(dirname(house.file), "secrets.yaml");
  await chmod(secrets, 0o640);
  expect(await house.lines()).toEqual([
    "secrets.yaml:1:1: can be read by others (mode 640); make it private: chmod 600 secrets.yaml",
    "homeroster.yaml:1:27: home.timezone: is no time zone; write one such as Europe/Berlin",
    'homeroster.yaml:2:32: adapters.a.kind: "!secret pass" is not known here; known: mqtt, simulator, serial',
  ]);
});

test("a variable of the environment is text, or a number where one is wanted", async () => {
  vi.stubEnv("HOUSE_PORT", "5348");
  vi.stubEnv("HOUSE_NAME", "12");
  const house = await aHouse(`
home: { name: "\${HOUSE_NAME}, {HOUSE}" }
xmpp:
  server: component
  domain: iot.example.org
  secret: abcdef
  port: \${HOUSE_PORT}
  pubsub: \${HOUSE_PUBSUB}
`);
  expect(await house.lines()).toEqual([
    "homeroster.yaml:8:11: xmpp.pubsub: the environment has no variable HOUSE_PUBSUB; set it, or write the value here",
  ]);
  vi.stubEnv("HOUSE_PUBSUB", "pubsub.example.org");
  expect(await house.load()).toMatchObject({
    home: { name: "12, {HOUSE}" },
    xmpp: { port: 5348, pubsub: "pubsub.example.org" },
  });
});

test("a file that contains itself is refused, not followed", async () => {
  const house = await aHouse("home: &home { name: A, self: *home }\n");
  expect(await house.lines()).toContain("homeroster.yaml:1:30: home.self: is nested too deeply or too large");
});

const secrets = {
  "secrets.yaml": "me: alice@example.org\nport: 5348\nempty:\nlist: [a, b]\nbroker: 0123\n",
};

test("a secret may stand in a list, and for a number", async () => {
  const house = await aHouse(
    "owners: [!secret me]\nxmpp: { server: component, domain: a.b, secret: !secret broker, port: !secret port }\n",
    secrets,
  );
  expect(await house.load()).toMatchObject({
    owners: ["alice@example.org"],
    xmpp: { secret: "0123", port: 5348 },
  });
});

test.each([
  ["!secret brokr", 'asks for the secret "brokr", which secrets.yaml does not have; did you mean "broker"?'],
  ["!secret unknown-one", 'add the line "unknown-one: ..." there'],
  ["!secret empty", 'asks for the secret "empty", which secrets.yaml does not have'],
  ["!secret list", 'asks for the secret "list", which is no single value in secrets.yaml; write one'],
  ["!secret", "has !secret without a name; write !secret NAME for the value alone"],
  ["!secret { a: b }", "has !secret without a name"],
  ["!secret [a]", "has !secret without a name"],
  ["!vault { a: b }", "has the tag !vault; !secret is the only one"],
  ["*nobody", 'repeats "&nobody", which does not stand above'],
])("refuses the value %s", async (value, message) => {
  const house = await aHouse(`home: { name: ${value} }\n`, secrets);
  expect(await house.lines()).toEqual([expect.stringMatching(/^homeroster\.yaml:1:\d+: home\.name: /)]);
  expect((await house.lines())[0]).toContain(message);
});

test("refuses a tag before a key", async () => {
  const house = await aHouse("home: { !secret name: b }\n", secrets);
  expect(await house.lines()).toEqual([
    "homeroster.yaml:1:17: home.name: has !secret without a name; write !secret NAME for the value alone",
  ]);
});
