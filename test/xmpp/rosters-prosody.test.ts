import { beforeEach, expect, test } from "vitest";
import { aDevice } from "../support/fake-device.js";
import { startProsody, type TestProsody } from "../support/prosody.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";
import { ask, presence, RosterHouse } from "./roster-house.js";

const owner = "owner@house.test";
const home = "home@iot.house.test";
const lamp = "kitchen-lamp@iot.house.test";
const door = "front-door@iot.house.test";
const porch = "porch@iot.house.test";

let prosody: TestProsody;
let ours: RosterHouse;
let client: SlixmppOwner;

beforeEach(async () => {
  prosody = await startProsody();
  ours = new RosterHouse(prosody);
  ours.start();
  return async () => {
    await client.stop();
    await ours.stop();
    await prosody.stop();
  };
});

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

/** What the server has, by JID. */
async function roster(): Promise<Readonly<Record<string, { name: string; subscription: string }>>> {
  client.do({ do: "roster" });
  const { contacts } = await client.hear("the roster", ({ got }) => got === "roster");
  return contacts as Awaited<ReturnType<typeof roster>>;
}

test("the house stands on its owner's roster by room and shows itself, without any subscribing", async () => {
  await logIn();
  await contact(lamp, { name: "Kitchen lamp", groups: ["Kitchen"], subscription: "to" });
  await contact(door, { name: "Front door", groups: ["Hall"], subscription: "to" });
  await contact(home, { name: "Our house", groups: [], subscription: "both" });
  for (const jid of [lamp, door, home]) await presence(client, jid);
});

test("a device that comes, moves and goes while its owner looks on is pushed each time", async () => {
  await logIn();
  await contact(lamp);
  ours.house.put(aDevice({ id: "porch", label: "Porch" }));
  await contact(porch, { name: "Porch", groups: [], subscription: "to" });
  await presence(client, porch);
  ours.house.put(aDevice({ id: "porch", label: "Porch lamp", room: "Outside" }));
  await contact(porch, { name: "Porch lamp", groups: ["Outside"], subscription: "to" });
  ours.house.remove("porch");
  await presence(client, porch, false);
  await contact(porch, { subscription: "remove" });
});

test("a name that the owner gave stays, over a restart and a new label, while the room follows", async () => {
  await logIn();
  await contact(lamp);
  client.do({ do: "rename", jid: lamp, name: "My lamp" });
  await contact(lamp, { name: "My lamp" });
  await ours.stop();
  ours.house.put(aDevice({ label: "Ceiling lamp", room: "Dining room" }));
  ours.start();
  await contact(lamp, { name: "My lamp", groups: ["Dining room"], subscription: "to" });
});

test("what the owner takes off stays away, also after a restart, until they say add", async () => {
  await logIn();
  await contact(lamp);
  await contact(home);
  client.do({ do: "forget", jid: lamp });
  await contact(lamp, { subscription: "remove" });
  await ours.stop();
  ours.start();
  ours.house.put(aDevice({ id: "porch", label: "Porch" }));
  await contact(porch);
  expect(Object.keys(await roster()).sort()).toEqual([door, home, porch]);
  client.forget();
  expect(await ask(client, "add kitchen lamp")).toBe("Kitchen lamp is in your contacts now.");
  await contact(lamp, { name: "Kitchen lamp", groups: ["Kitchen"], subscription: "to" });
  await presence(client, lamp);
  expect(await ask(client, "add kitchen lamp")).toBe("Kitchen lamp is in your contacts already.");
});

test("what the owner took off can be subscribed to by hand, and is theirs then", async () => {
  await logIn();
  await contact(lamp);
  client.do({ do: "forget", jid: lamp });
  await contact(lamp, { subscription: "remove" });
  // What answers the removal, as "unsubscribed", would end a request that is on its way then (RFC 6121 §3.2.2).
  await client.hear(
    "the answer to the removal",
    ({ got, sender, type }) => got === "presence" && sender === lamp && type === "unavailable",
  );
  client.forget();
  client.do({ do: "subscribe", jid: lamp });
  await contact(lamp, { subscription: "to" });
  await presence(client, lamp);
  ours.house.put(aDevice({ label: "Ceiling lamp" }));
  ours.house.put(aDevice({ id: "porch", label: "Porch" }));
  await contact(porch);
  expect((await roster())[lamp]).toMatchObject({ name: "", subscription: "to" });
});

test("whoever loses the right to view loses the contacts", async () => {
  await logIn();
  for (const jid of [lamp, door, home]) await presence(client, jid);
  ours.roles.delete(owner);
  ours.house.onAccessChange(new Set([owner]));
  for (const jid of [lamp, door, home]) await contact(jid, { subscription: "remove" });
  client.forget();
  ours.roles.set(owner, "viewer");
  ours.house.onAccessChange(new Set([owner]));
  for (const jid of [lamp, door, home]) await presence(client, jid);
});

test("a person without an account harms nobody", async () => {
  ours.roles.set("carol@house.test", "viewer");
  ours.house.onAccessChange(new Set(["carol@house.test"]));
  const trouble = { user: "carol@house.test", reason: "service-unavailable" };
  const logged = () => ours.log.lines.map(({ fields }) => fields);
  await expect.poll(logged, { timeout: 10_000 }).toContainEqual(trouble);
  await logIn();
  await contact(lamp);
  ours.house.put(aDevice({ id: "porch", label: "Porch" }));
  await contact(porch);
});

test("what changed while the server was away is on the roster after it", async () => {
  await logIn();
  for (const jid of [lamp, door, home]) await contact(jid);
  await client.stop();
  await prosody.kill();
  ours.house.remove("front-door");
  ours.house.put(aDevice({ id: "porch", label: "Porch" }));
  await prosody.restart();
  await logIn();
  await contact(porch);
  await expect
    .poll(async () => Object.keys(await roster()).sort(), { timeout: 10_000 })
    .toEqual([home, lamp, porch]);
});
