import { beforeEach, expect, test } from "vitest";
import type { Role } from "../../src/core/access.js";
import { House } from "../../src/core/house.js";
import { machineLocale } from "../../src/core/locale.js";
import { XmppFace } from "../../src/xmpp/component.js";
import { createStream } from "../../src/xmpp/stream.js";
import { aDevice } from "../support/fake-device.js";
import { MemoryStore } from "../support/memory-store.js";
import { startProsody, type TestProsody } from "../support/prosody.js";
import { silentLog } from "../support/silent-log.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";

const owner = "owner@house.test";
const home = "home@iot.house.test";
const lamp = "kitchen-lamp@iot.house.test";
const door = "front-door@iot.house.test";
const porch = "porch@iot.house.test";

let prosody: TestProsody;
let store: MemoryStore;
let roles: Map<string, Role>;
let house: House;
let face: XmppFace;
let client: SlixmppOwner;

beforeEach(async () => {
  prosody = await startProsody();
  store = new MemoryStore();
  roles = new Map([[owner, "owner"]]);
  house = new House({
    epoch: 1,
    roleOf: (principal) => (principal === "face" ? "viewer" : roles.get(principal)),
    log: silentLog,
  });
  house.put(aDevice({ room: "Kitchen" }));
  house.put(aDevice({ id: "front-door", label: "Front door", room: "Hall" }));
  face = await aFace();
  return async () => {
    await client.stop();
    await face.stop();
    await prosody.stop();
  };
});

async function aFace(): Promise<XmppFace> {
  const link = createStream({
    domain: prosody.component,
    host: prosody.host,
    port: prosody.port,
    secret: prosody.secret,
    isOwnService: (domain) => domain === prosody.domain,
    log: silentLog,
  });
  const made = new XmppFace({
    link,
    gateway: house,
    store,
    self: "face",
    settings: {
      houseName: "Our house",
      locale: machineLocale,
      version: "1.2.3",
      pubsub: undefined,
      pubsubNames: "plain",
      presenceEvery: 0,
      publishEvery: 0,
      groups: () => [],
      people: () => new Set(roles.keys()),
    },
    log: silentLog,
  });
  made.start();
  return made;
}

async function logIn(): Promise<void> {
  client = await slixmppOwner(owner, "owner", prosody.c2sPort);
}

/** A roster push, or a contact of the roster as it was read at the login. */
function contact(jid: string, like: Readonly<Record<string, unknown>> = {}) {
  return client.hear(`${jid} on the roster`, (heard) => {
    const isAlike = Object.entries(like).every(
      ([key, value]) => JSON.stringify(heard[key]) === JSON.stringify(value),
    );
    return heard.got === "contact" && heard.jid === jid && isAlike;
  });
}

function presence(jid: string, isThere = true) {
  return client.hear(`presence of ${jid}`, ({ got, sender, resource, type }) => {
    const isFromUs = got === "presence" && sender === jid && resource === "device";
    return isFromUs && isThere === (type !== "unavailable");
  });
}

/** What the server has, by JID. */
async function roster(): Promise<Readonly<Record<string, { name: string; subscription: string }>>> {
  client.do({ do: "roster" });
  const { contacts } = await client.hear("the roster", ({ got }) => got === "roster");
  return contacts as Awaited<ReturnType<typeof roster>>;
}

/** What the house answers. */
async function ask(body: string): Promise<string> {
  client.do({ do: "say", jid: home, body });
  const answer = await client.hear(
    `an answer to ${body}`,
    ({ got, sender }) => got === "message" && sender === home,
  );
  return String(answer.body);
}

test("the house stands on its owner's roster by room and shows itself, without any subscribing", async () => {
  await logIn();
  await contact(lamp, { name: "Kitchen lamp", groups: ["Kitchen"], subscription: "to" });
  await contact(door, { name: "Front door", groups: ["Hall"], subscription: "to" });
  await contact(home, { name: "Our house", groups: [], subscription: "both" });
  for (const jid of [lamp, door, home]) await presence(jid);
});

test("a device that comes, moves and goes while its owner looks on is pushed each time", async () => {
  await logIn();
  await contact(lamp);
  house.put(aDevice({ id: "porch", label: "Porch" }));
  await contact(porch, { name: "Porch", groups: [], subscription: "to" });
  await presence(porch);
  house.put(aDevice({ id: "porch", label: "Porch lamp", room: "Outside" }));
  await contact(porch, { name: "Porch lamp", groups: ["Outside"], subscription: "to" });
  house.remove("porch");
  await presence(porch, false);
  await contact(porch, { subscription: "remove" });
});

test("a name that the owner gave stays, over a restart and a new label, while the room follows", async () => {
  await logIn();
  await contact(lamp);
  client.do({ do: "rename", jid: lamp, name: "My lamp" });
  await contact(lamp, { name: "My lamp" });
  await face.stop();
  house.put(aDevice({ label: "Ceiling lamp", room: "Dining room" }));
  face = await aFace();
  await contact(lamp, { name: "My lamp", groups: ["Dining room"], subscription: "to" });
});

test("what the owner takes off stays away, also after a restart, until they say add", async () => {
  await logIn();
  await contact(lamp);
  await contact(home);
  client.do({ do: "forget", jid: lamp });
  await contact(lamp, { subscription: "remove" });
  await face.stop();
  face = await aFace();
  house.put(aDevice({ id: "porch", label: "Porch" }));
  await contact(porch);
  expect(Object.keys(await roster()).sort()).toEqual([door, home, porch]);
  client.forget();
  expect(await ask("add kitchen lamp")).toBe("Kitchen lamp is in your contacts now.");
  await contact(lamp, { name: "Kitchen lamp", groups: ["Kitchen"], subscription: "to" });
  await presence(lamp);
  expect(await ask("add kitchen lamp")).toBe("Kitchen lamp is in your contacts already.");
});

test("what the owner took off can be subscribed to by hand, and is theirs then", async () => {
  await logIn();
  await contact(lamp);
  client.do({ do: "forget", jid: lamp });
  await contact(lamp, { subscription: "remove" });
  client.forget();
  client.do({ do: "subscribe", jid: lamp });
  await contact(lamp, { subscription: "to" });
  await presence(lamp);
  house.put(aDevice({ label: "Ceiling lamp" }));
  house.put(aDevice({ id: "porch", label: "Porch" }));
  await contact(porch);
  expect((await roster())[lamp]).toMatchObject({ name: "", subscription: "to" });
});

test("whoever loses the right to view loses the contacts", async () => {
  await logIn();
  for (const jid of [lamp, door, home]) await presence(jid);
  roles.delete(owner);
  house.onAccessChange(new Set([owner]));
  for (const jid of [lamp, door, home]) await contact(jid, { subscription: "remove" });
  client.forget();
  roles.set(owner, "viewer");
  house.onAccessChange(new Set([owner]));
  for (const jid of [lamp, door, home]) await presence(jid);
});

test("what changed while the server was away is on the roster after it", async () => {
  await logIn();
  for (const jid of [lamp, door, home]) await contact(jid);
  await client.stop();
  await prosody.kill();
  house.remove("front-door");
  house.put(aDevice({ id: "porch", label: "Porch" }));
  await prosody.restart();
  await logIn();
  await contact(porch);
  await expect.poll(async () => Object.keys(await roster()).sort()).toEqual([home, lamp, porch]);
});
