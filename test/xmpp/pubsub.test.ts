import { parse } from "ltx";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Pubsub } from "../../src/xmpp/pubsub.js";
import { PubsubService } from "../../src/xmpp/pubsub-node.js";
import type { Element } from "../../src/xmpp/xml.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { FakeLink, refused } from "../support/fake-link.js";
import { MemoryStore } from "../support/memory-store.js";
import { RecordingLog } from "../support/recording-log.js";

const lamp = aDevice({
  channels: { power: { value: { kind: "switch" } }, brightness: { value: { kind: "level" } } },
});
const bell = aDevice({
  id: "bell",
  label: "Bell",
  channels: { ring: { value: { kind: "event" }, readable: false, writable: false } },
});

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => vi.useRealTimers());

const xml = (text: string) => parse(text) as unknown as Element;
const owner = "http://jabber.org/protocol/pubsub#owner";
const defaultForm = xml(
  `<pubsub xmlns="${owner}"><default><x xmlns="jabber:x:data" type="form"><field var="pubsub#access_model"/>` +
    `<field var="pubsub#persist_items"/><field var="pubsub#max_items"/></x></default></pubsub>`,
);

/** What a request asks for, in a word or two: `create`, `publish on`, `affiliations +a -b`. */
function gist(iq: string): string {
  const child =
    /<(create|default|configure|affiliations|subscriptions|publish|delete)[ >/]/.exec(iq)?.[1] ?? iq;
  const verb = iq.includes('type="get"') ? `get ${child}` : child;
  const value = / n="[^"]+"(?: t="event")? v="([^"]+)"/.exec(iq)?.[1];
  return child === "publish" ? `publish ${value ?? "nothing"}` : verb;
}

function aPubsub(every = 1_000, store = new MemoryStore()) {
  const members = new Set(["alice@example.org"]);
  const { house, sink } = aHouse(lamp, bell);
  const link = new FakeLink();
  link.answer = (iq) => (iq.toString().includes("<default") ? defaultForm : undefined);
  const log = new RecordingLog();
  const pubsub = new Pubsub({
    link,
    service: new PubsubService(link, "pubsub.example.org"),
    store,
    log,
    view: (id) => house.device("face", id),
    nameOf: (id) => `iot.example.org/${id}`,
    members: () => members,
    epoch: 3,
    every,
  });
  pubsub.publishAll([]);
  house.on("state", ({ device }) => pubsub.publish(device.id));
  const work = () => vi.advanceTimersByTimeAsync(0);
  return { house, sink, link, log, pubsub, work, members, store };
}

test("creates, configures with what the service knows, admits the members, then publishes barely", async () => {
  const { sink, link, work } = aPubsub();
  sink.report("kitchen-lamp", { power: true });
  await work();
  const sent = link.take();
  expect(sent.map(gist)).toEqual([
    "create",
    "get default",
    "configure",
    "get affiliations",
    "get subscriptions",
    "affiliations",
    "publish true",
  ]);
  expect(sent[0]).toBe(
    '<iq type="set" from="iot.example.org" to="pubsub.example.org"><pubsub xmlns="http://jabber.org/protocol/pubsub">' +
      '<create node="iot.example.org/kitchen-lamp"/></pubsub></iq>',
  );
  expect(
    [...(sent[2] ?? "").matchAll(/var="([^"]+)"[^>]*><value>([^<]+)/g)].map(
      ([, name, value]) => `${name}=${value}`,
    ),
  ).toEqual([
    "FORM_TYPE=http://jabber.org/protocol/pubsub#node_config",
    "pubsub#access_model=whitelist",
    "pubsub#persist_items=true",
    "pubsub#max_items=1",
  ]);
  expect(sent[5]).toContain('<affiliation jid="alice@example.org" affiliation="member"/>');
  expect(sent[6]).toContain(
    '<publish node="iot.example.org/kitchen-lamp"><item id="current"><resp xmlns="urn:nf:iot:sd:1.0" id="3-3">',
  );
});

test("publishes the first change at once, and then the latest at most every publishEvery", async () => {
  const { sink, link, work } = aPubsub();
  for (const brightness of [1, 2, 3]) sink.report("kitchen-lamp", { brightness });
  await work();
  expect(link.take().map(gist).at(-1)).toBe("publish 3");
  sink.report("kitchen-lamp", { brightness: 4 });
  sink.report("kitchen-lamp", { brightness: 5 });
  await vi.advanceTimersByTimeAsync(999);
  expect(link.take()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(link.take().map(gist)).toEqual(["publish 5"]);
});

test("has one publication of a node under way, and the newest value follows it", async () => {
  const { sink, link, work } = aPubsub(0);
  sink.report("kitchen-lamp", { brightness: 1 });
  await work();
  link.take();
  let release = () => {};
  link.answer = () => new Promise((resolve) => (release = () => resolve(undefined)));
  for (const brightness of [2, 3, 4]) {
    sink.report("kitchen-lamp", { brightness });
    await work();
  }
  expect(link.take().map(gist)).toEqual(["publish 2"]);
  release();
  await work();
  expect(link.take().map(gist)).toEqual(["publish 4"]);
});

test("a node that someone else owns is reported and never published to", async () => {
  const { sink, link, log, work } = aPubsub(0);
  link.answer = (iq) => {
    if (iq.toString().includes("<create")) throw refused("conflict");
    if (iq.toString().includes("<configure")) throw refused("forbidden");
    return iq.toString().includes("<default") ? defaultForm : undefined;
  };
  sink.report("kitchen-lamp", { power: true });
  await work();
  sink.report("kitchen-lamp", { power: false });
  await work();
  expect(link.take().map(gist)).toEqual(["create", "get default", "configure"]);
  expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(1);
});

test("a node that vanished is made again at once", async () => {
  const { sink, link, work } = aPubsub(0);
  sink.report("kitchen-lamp", { brightness: 1 });
  await work();
  link.take();
  let isGone = true;
  link.answer = (iq) => {
    if (iq.toString().includes("<publish") && isGone) {
      isGone = false;
      throw refused("item-not-found");
    }
    return undefined;
  };
  sink.report("kitchen-lamp", { brightness: 2 });
  await vi.advanceTimersByTimeAsync(10);
  expect(link.take().map(gist)).toEqual([
    "publish 2",
    "create",
    "configure",
    "get affiliations",
    "get subscriptions",
    "affiliations",
    "publish 2",
  ]);
});

test("a service that is away is asked again after a second at most, then more and more rarely", async () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  onTestFinished(() => void vi.restoreAllMocks());
  const { sink, link, work } = aPubsub(0);
  link.answer = () => {
    throw refused("remote-server-not-found");
  };
  sink.report("kitchen-lamp", { power: true });
  await work();
  expect(link.take()).toHaveLength(1);
  for (const pause of [1_000, 2_000, 4_000, 8_000, 8_000]) {
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(link.take()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(link.take()).toHaveLength(1);
  }
});

test("one that came back is asked soon again when it goes the next time", async () => {
  const { sink, link, work } = aPubsub(0);
  const away = () => {
    throw refused("remote-server-not-found");
  };
  link.answer = away;
  sink.report("kitchen-lamp", { power: true });
  await vi.advanceTimersByTimeAsync(15_000);
  link.answer = () => undefined;
  await vi.advanceTimersByTimeAsync(8_000);
  expect(link.take().map(gist).at(-1)).toBe("publish true");
  link.answer = away;
  sink.report("kitchen-lamp", { power: false });
  await work();
  expect(link.take().map(gist)).toEqual(["publish false"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(link.take().map(gist)).toEqual(["create"]);
});

test("after a reconnect every node is made sure of and published again, whatever it waited for", async () => {
  const { sink, link, pubsub, work } = aPubsub();
  link.answer = () => {
    throw refused("remote-server-timeout");
  };
  sink.report("kitchen-lamp", { power: true });
  await work();
  link.take();
  link.answer = () => undefined;
  pubsub.publishAll(["kitchen-lamp"]);
  await work();
  expect(link.take().map(gist)).toEqual([
    "create",
    "get default",
    "configure",
    "get affiliations",
    "get subscriptions",
    "affiliations",
    "publish true",
  ]);
});

test("a foreign node is looked at again after a reconnect", async () => {
  const { sink, link, pubsub, work } = aPubsub(0);
  link.answer = (iq) => {
    if (iq.toString().includes("<configure")) throw refused("forbidden");
    return undefined;
  };
  sink.report("kitchen-lamp", { power: true });
  await work();
  link.answer = () => undefined;
  link.take();
  pubsub.publishAll(["kitchen-lamp"]);
  await work();
  expect(link.take().map(gist).at(-1)).toBe("publish true");
});

test("a service that is away is one line a minute, however many nodes it has", async () => {
  const { house, link, log, pubsub } = aPubsub();
  const ids = Array.from({ length: 40 }, (_, index) => `d${index}`);
  for (const id of ids) house.put(aDevice({ id }));
  link.answer = () => {
    throw refused("service-unavailable");
  };
  pubsub.publishAll(ids);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
});

test("nodes that cannot be deleted are one line a minute, however many they are", async () => {
  const { house, link, log, pubsub, work } = aPubsub();
  const ids = Array.from({ length: 40 }, (_, index) => `d${index}`);
  for (const id of ids) {
    house.put(aDevice({ id }));
    pubsub.publish(id);
  }
  await vi.advanceTimersByTimeAsync(2_000);
  link.answer = () => {
    throw refused("service-unavailable");
  };
  for (const id of ids) pubsub.withdraw(id);
  await work();
  expect(log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
});

test("events go to a node of their own, each with its id, none merged", async () => {
  const { link, pubsub, work } = aPubsub();
  pubsub.publishEvent("bell", "ring", { type: "short" }, "3-1", 0);
  pubsub.publishEvent("bell", "ring", { type: "long" }, "3-2", 0);
  await work();
  const published = link.take().filter((iq) => iq.includes("<publish"));
  expect(published.map(gist)).toEqual(["publish short", "publish long"]);
  expect(published[0]).toContain('<publish node="iot.example.org/bell/events"><item id="3-1">');
});

test("a removed device takes its nodes away", async () => {
  const { link, pubsub, work } = aPubsub();
  pubsub.publish("bell");
  await work();
  link.take();
  pubsub.withdraw("bell");
  await work();
  expect(link.take().map(gist)).toEqual(["delete", "delete"]);
});

test("a device that goes while its members are set leaves no word of a failure", async () => {
  const { link, log, pubsub, work, members } = aPubsub();
  pubsub.publish("kitchen-lamp");
  await work();
  link.answer = (iq) => {
    if (iq.toString().includes("<affiliations")) throw refused("item-not-found");
    return undefined;
  };
  members.delete("alice@example.org");
  pubsub.admit();
  pubsub.withdraw("kitchen-lamp");
  await work();
  expect(link.take().map(gist)).toContain("delete");
  expect(log.lines).toEqual([]);
});

test("who may no longer view is put out before the next value is published, whatever that waited for", async () => {
  const { sink, link, pubsub, work, members } = aPubsub(60_000);
  sink.report("kitchen-lamp", { brightness: 1 });
  await work();
  sink.report("kitchen-lamp", { brightness: 2 });
  await work();
  link.take();
  members.delete("alice@example.org");
  link.answer = (iq) =>
    iq.toString().includes('type="get"') && iq.toString().includes("<affiliations")
      ? xml(
          `<pubsub xmlns="${owner}"><affiliations>${link.sent.some((text) => text.includes('affiliation="none"')) ? "" : '<affiliation jid="alice@example.org" affiliation="member"/>'}</affiliations></pubsub>`,
        )
      : undefined;
  pubsub.admit();
  await work();
  expect(link.take().map(gist)).toEqual([
    "get affiliations",
    "get subscriptions",
    "affiliations",
    "get affiliations",
    "get subscriptions",
    "publish 2",
  ]);
});

test("a node whose device went while the service was away is taken away after the next connect", async () => {
  const { link, pubsub, work, store } = aPubsub();
  pubsub.publish("bell");
  await work();
  link.answer = () => {
    throw refused("remote-server-timeout");
  };
  pubsub.withdraw("bell");
  await work();
  link.take();

  const later = aPubsub(1_000, store);
  await later.work();
  const deleted = later.link.take().filter((iq) => iq.includes("<delete"));
  expect(deleted.map((iq) => /node="([^"]+)"/.exec(iq)?.[1])).toEqual([
    "iot.example.org/bell/events",
    "iot.example.org/bell",
  ]);
  later.pubsub.publishAll(["kitchen-lamp"]);
  await later.work();
  await later.work();
  expect(store.read("pubsub-nodes")).toEqual(["iot.example.org/kitchen-lamp"]);
});

test("keeps sixteen requests under way, never more", async () => {
  const { house, link, pubsub, work } = aPubsub();
  const ids = Array.from({ length: 40 }, (_, index) => `d${index}`);
  for (const id of ids) house.put(aDevice({ id }));
  link.answer = () => new Promise(() => {});
  pubsub.publishAll(ids);
  await work();
  expect(link.take()).toHaveLength(16);
});

test("a device that comes back while old nodes are taken away keeps its own", async () => {
  const first = aPubsub();
  first.house.put(aDevice({ id: "attic" }));
  for (const id of ["attic", "bell"]) first.pubsub.publish(id);
  await first.work();

  const later = aPubsub(1_000, first.store);
  later.pubsub.publish("bell");
  await later.work();
  const deleted = later.link.take().filter((iq) => iq.includes("<delete"));
  expect(deleted.map((iq) => /node="([^"]+)"/.exec(iq)?.[1])).toEqual(["iot.example.org/attic"]);
});

test("who loses the right while members are being set gets nothing more", async () => {
  const { sink, link, pubsub, work, members } = aPubsub(0);
  let admitted: readonly string[] = [];
  let release: (() => void) | undefined;
  link.answer = (iq) => {
    const text = iq.toString();
    if (!text.includes("<affiliations")) return undefined;
    if (text.includes('type="get"')) {
      const known = admitted.map((jid) => `<affiliation jid="${jid}" affiliation="member"/>`).join("");
      return xml(`<pubsub xmlns="${owner}"><affiliations>${known}</affiliations></pubsub>`);
    }
    admitted = text.includes('affiliation="none"') ? [] : ["alice@example.org"];
    return release === undefined ? new Promise((resolve) => (release = () => resolve(undefined))) : undefined;
  };
  sink.report("kitchen-lamp", { power: true });
  await work();
  members.delete("alice@example.org");
  pubsub.admit();
  release?.();
  await work();
  const sent = link.take();
  const expelled = sent.findIndex((iq) => iq.includes('affiliation="none"'));
  expect(expelled).toBeGreaterThan(0);
  expect(sent.findIndex((iq) => iq.includes("<publish"))).toBeGreaterThan(expelled);
});
