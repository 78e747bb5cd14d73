import { expect, test, vi } from "vitest";
import { XmppFace, type XmppSettings } from "../../src/xmpp/component.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { FakeLink } from "../support/fake-link.js";
import { MemoryStore } from "../support/memory-store.js";
import { silentLog } from "../support/silent-log.js";

const settings: XmppSettings = {
  houseName: "Our house",
  timezone: "UTC",
  version: "1.2.3",
  pubsub: undefined,
  pubsubNames: "plain",
  presenceEvery: 30_000,
  publishEvery: 1_000,
  groups: [],
  viewers: ["alice@example.org"],
};

function aFace(store = new MemoryStore()) {
  const { house, sink } = aHouse(aDevice());
  sink.report("kitchen-lamp", { power: true });
  const link = new FakeLink();
  const face = new XmppFace({ link, gateway: house, store, settings, self: "face", log: silentLog });
  const presence = (type: string | undefined, from: string, to: string) =>
    link.receive(`<presence ${type === undefined ? "" : `type="${type}"`} from="${from}" to="${to}"/>`);
  return { house, sink, link, face, store, presence };
}

/** Type, from and to of each stanza. */
function gist(stanzas: readonly string[]): string[] {
  return stanzas.map((stanza) => {
    const attribute = (name: string) =>
      new RegExp(` ${name}="([^"]*)"`).exec(stanza.slice(0, stanza.indexOf(">")))?.[1];
    return `${attribute("type") ?? "available"} ${attribute("from")} > ${attribute("to")}`;
  });
}

const lamp = "kitchen-lamp@iot.example.org";
const home = "home@iot.example.org";
const alice = "alice@example.org";

test("an owner who subscribes to a device sees it, and it never asks back", async () => {
  const { link, presence } = aFace();
  presence("subscribe", "Alice@Example.org", lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  expect(gist(link.take())).toEqual([`subscribed ${lamp} > ${alice}`, `available ${lamp}/device > ${alice}`]);
});

test("the house asks back", async () => {
  const { link, presence } = aFace();
  presence("subscribe", alice, home);
  await vi.waitFor(() => expect(link.sent).toHaveLength(3));
  expect(gist(link.take())).toEqual([
    `subscribed ${home} > ${alice}`,
    `available ${home}/device > ${alice}`,
    `subscribe ${home} > ${alice}`,
  ]);
});

test("subscriptions survive a restart, and are announced on connect", async () => {
  const first = aFace();
  first.presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(first.link.sent).toHaveLength(2));
  const second = aFace(first.store);
  second.link.emit("online");
  expect(gist(second.link.take())).toEqual([`available ${lamp}/device > ${alice}`]);
});

test("strangers get silence, whatever address they try", () => {
  const { link, presence } = aFace();
  for (const to of [lamp, home, "nothing@iot.example.org", "iot.example.org"]) {
    for (const type of ["subscribe", "probe", "unsubscribe", undefined])
      presence(type, "mallory@evil.example", to);
  }
  expect(link.take()).toEqual([]);
});

test("a probe is answered to the prober, with unsubscribed where there is no subscription", async () => {
  const { link, presence } = aFace();
  presence("probe", `${alice}/phone`, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(gist(link.take())).toEqual([`unsubscribed ${lamp} > ${alice}`]);
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.take();
  presence("probe", `${alice}/phone`, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(gist(link.take())).toEqual([`available ${lamp}/device > ${alice}/phone`]);
});

test("unsubscribe ends it once, and a repeat gets no answer", async () => {
  const { link, presence, sink } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.take();
  presence("unsubscribe", alice, lamp);
  presence("unsubscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  sink.report("kitchen-lamp", { power: false });
  expect(gist(link.take())).toEqual([
    `unsubscribed ${lamp} > ${alice}`,
    `unavailable ${lamp}/device > ${alice}`,
  ]);
});

test("a subscription to a device that is not there is refused", async () => {
  const { link, presence } = aFace();
  presence("subscribe", alice, "cellar@iot.example.org");
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
  expect(gist(link.take())).toEqual([`unsubscribed cellar@iot.example.org > ${alice}`]);
});

test("whoever lost the right is told so on connect, and forgotten", async () => {
  const store = new MemoryStore();
  await store.write("subscriptions", { seenBy: { "kitchen-lamp": ["old@example.org"] }, houseSees: [] });
  const { link } = aFace(store);
  link.emit("online");
  expect(gist(link.take())).toEqual([
    `unavailable ${lamp}/device > old@example.org`,
    `unsubscribed ${lamp} > old@example.org`,
  ]);
  await vi.waitFor(() => expect(store.read("subscriptions")).toEqual({ seenBy: {}, houseSees: [] }));
});

test("a removed device goes unavailable, and comes back with its old subscribers", async () => {
  const { house, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  link.take();
  house.remove("kitchen-lamp");
  expect(gist(link.take())).toEqual([`unavailable ${lamp}/device > ${alice}`]);
  house.put(aDevice());
  expect(gist(link.take())).toEqual([`available ${lamp}/device > ${alice}`]);
});

test("a user whose server answers with errors is left alone until heard again", async () => {
  const { sink, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(2));
  presence("error", alice, `${lamp}/device`);
  link.take();
  sink.report("kitchen-lamp", { power: false });
  expect(link.take()).toEqual([]);
  presence("probe", `${alice}/phone`, lamp);
  await vi.waitFor(() => expect(link.sent).toHaveLength(1));
});

test("a stop tells everyone", async () => {
  const { face, link, presence } = aFace();
  presence("subscribe", alice, lamp);
  presence("subscribe", alice, home);
  await vi.waitFor(() => expect(link.sent).toHaveLength(5));
  link.take();
  await face.stop();
  expect(gist(link.take())).toEqual([
    `unavailable ${lamp}/device > ${alice}`,
    `unavailable ${home}/device > ${alice}`,
  ]);
});
