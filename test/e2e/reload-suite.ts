import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GatewayProcess } from "../support/gateway-process.js";
import { startMosquitto, type TestMosquitto } from "../support/mosquitto.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";
import { closedToThem, type TestXmppServer } from "../support/xmpp-server.js";

const lamp = "lamp: { adapter: broker, channels: { power: { value: switch, address: { state: lamp } } } }";
const attic = (topic: string) =>
  `attic: { adapter: broker, channels: { note: { value: text, address: { state: ${topic} } } } }`;
const bob = "{ jid: guest@house.test, role: viewer }";

/** What a running gateway owes to whoever edits its configuration, on every XMPP server. */
export function reloadSuite(
  start: () => Promise<TestXmppServer>,
  /** Whether the server lets the gateway put devices on rosters (XEP-0356); else people add them by hand. */
  { writesRosters }: { readonly writesRosters: boolean },
): void {
  let server: TestXmppServer;
  let broker: TestMosquitto;
  let gateway: GatewayProcess;
  let owner: SlixmppOwner;
  let guest: SlixmppOwner;
  let directory: string;
  let file: string;

  /** Saves the configuration as editors do: beside, then renamed. */
  async function save({ devices, people = bob }: { devices: readonly string[]; people?: string }) {
    await writeFile(
      `${file}~`,
      `
xmpp:
  server: component
  domain: ${server.component}
  port: ${server.port}
  secret: ${server.secret}
  pubsub: ${server.pubsub}
owners: [owner@house.test]
people: [${people}]
http: { listen: 127.0.0.1:0 }
adapters: { broker: { kind: mqtt, url: ${broker.url} } }
devices:
${devices.map((device) => `  ${device}`).join("\n")}
`,
    );
    await rename(`${file}~`, file);
  }

  beforeAll(async () => {
    [server, broker] = await Promise.all([start(), startMosquitto()]);
    directory = await mkdtemp(join(tmpdir(), "homeroster-config-"));
    file = join(directory, "homeroster.yaml");
    await save({ devices: [lamp, attic("attic/old")] });
    gateway = await GatewayProcess.start(["--config", file]);
    await gateway.until(({ ready }) => ready);
    [owner, guest] = (await Promise.all(
      ["owner", "guest"].map((user) => slixmppOwner(`${user}@house.test`, user, server.c2sPort)),
    )) as [SlixmppOwner, SlixmppOwner];
    for (const person of [owner, guest]) person.do({ do: "subscribe", jid: "attic@iot.house.test" });
    for (const person of [owner, guest]) await presence(person, "attic", () => true);
  });

  afterAll(async () => {
    await Promise.all([owner?.stop(), guest?.stop()]);
    await gateway?.remove();
    await Promise.all([server.stop(), broker.stop()]);
    await rm(directory, { recursive: true });
  });

  function presence(
    person: SlixmppOwner,
    device: string,
    isMeant: (heard: { status: string; type: string }) => boolean,
  ) {
    return person.hear(`the presence of ${device}`, ({ got, sender, status, type }) => {
      const isOurs = got === "presence" && sender === `${device}@iot.house.test` && type !== "subscribed";
      return isOurs && isMeant({ status: String(status), type: String(type) });
    });
  }

  function onRoster(device: string, subscription: string) {
    const jid = `${device}@iot.house.test`;
    return owner.hear(
      `${device} on the roster`,
      (heard) => heard.got === "contact" && heard.jid === jid && heard.subscription === subscription,
    );
  }

  function add(device: string) {
    owner.do({ do: "subscribe", jid: `${device}@iot.house.test` });
    return onRoster(device, "to");
  }

  async function addresses(): Promise<readonly string[]> {
    owner.do({ do: "disco", jid: "iot.house.test" });
    return (await owner.hear("the devices", ({ got }) => got === "items")).jids as string[];
  }

  test("a device that is added is on the roster within a moment, with what the broker kept of it", async () => {
    await broker.pub(["-t", "cellar", "-m", "dry", "-r"]);
    const cellar =
      "cellar: { adapter: broker, channels: { floor: { value: text, address: { state: cellar } } } }";
    await save({ devices: [lamp, attic("attic/old"), cellar] });
    await expect.poll(addresses).toContain("cellar@iot.house.test");
    await (writesRosters ? onRoster("cellar", "to") : add("cellar"));
    await presence(owner, "cellar", ({ status }) => status.includes("dry"));
  });

  test("a device is followed to its new topic, and no value is lost on the way", async () => {
    await broker.pub(["-t", "attic/old", "-m", "before"]);
    await presence(owner, "attic", ({ status }) => status === "before");
    await broker.pub(["-t", "attic/new", "-m", "meanwhile", "-r"]);
    await save({ devices: [lamp, attic("attic/new")] });
    await presence(owner, "attic", ({ status }) => status.includes("meanwhile"));
    await broker.pub(["-t", "attic/new", "-m", "after"]);
    await presence(owner, "attic", ({ status }) => status === "after");
    owner.forget();
    await broker.pub(["-t", "attic/old", "-m", "never"]);
    await broker.pub(["-t", "attic/new", "-m", "last"]);
    expect((await presence(owner, "attic", ({ status }) => status !== "after")).status).toBe("last");
  });

  test("a device that is removed goes unavailable, its contact and its node away", async () => {
    if (!writesRosters) await add("lamp");
    await save({ devices: [attic("attic/new")] });
    await presence(owner, "lamp", ({ type }) => type === "unavailable");
    if (writesRosters) await onRoster("lamp", "remove");
    const items = async () => {
      owner.do({ do: "fetch", service: server.pubsub, node: "iot.house.test/lamp" });
      return (await owner.hear("the node", ({ got }) => got === "fetched")).error;
    };
    await expect.poll(items).toBe("item-not-found");
    expect(await addresses()).not.toContain("lamp@iot.house.test");
  });

  test("a broken file changes nothing and says where", async () => {
    await save({ devices: [lamp, attic("attic/new"), "oops: { adapter: nobody }"] });
    const { config } = await gateway.until(({ config }) => config.problems.length > 0);
    expect(config.problems[0]).toMatch(/homeroster\.yaml:15:\d+: devices\.oops/);
    expect(await addresses()).not.toContain("lamp@iot.house.test");
    await save({ devices: [lamp, attic("attic/new")] });
    await gateway.until(({ config }) => config.problems.length === 0);
    await expect.poll(addresses).toContain("lamp@iot.house.test");
  });

  test("who is taken out of the file receives no further item and sees nothing more", async () => {
    for (const person of [owner, guest]) {
      person.do({ do: "follow", service: server.pubsub, node: "iot.house.test/attic" });
      await person.hear("the subscription", ({ got }) => got === "followed");
    }
    const note = (person: SlixmppOwner, text: string) =>
      person.hear(`the item ${text}`, ({ got, values }) => got === "item" && Object(values).note === text);
    await broker.pub(["-t", "attic/new", "-m", "for both"]);
    await Promise.all([note(owner, "for both"), note(guest, "for both")]);
    guest.forget();
    await save({ devices: [lamp, attic("attic/new")], people: "" });
    await guest.hear(
      "the end of the subscription",
      ({ got, sender, type }) =>
        got === "presence" && sender === "attic@iot.house.test" && type === "unsubscribed",
    );
    const members = async () => {
      guest.do({ do: "fetch", service: server.pubsub, node: "iot.house.test/attic" });
      return (await guest.hear("the node", ({ got }) => got === "fetched")).error;
    };
    await expect.poll(members).toMatch(closedToThem);
    await broker.pub(["-t", "attic/new", "-m", "for the owner"]);
    await note(owner, "for the owner");
    // The server sends in order: what it sent to the guest before this answer has arrived.
    expect(await members()).toMatch(closedToThem);
    expect(guest.heard(({ got }) => got === "item")).toEqual([]);
  });
}
