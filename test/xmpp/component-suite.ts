import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../src/core/command.js";
import { machineLocale } from "../../src/core/locale.js";
import { XmppFace } from "../../src/xmpp/component.js";
import { createStream } from "../../src/xmpp/stream.js";
import { type Element, el } from "../../src/xmpp/xml.js";
import { aHouse } from "../support/a-house.js";
import { connectClient, type TestClient } from "../support/client.js";
import { aDevice } from "../support/fake-device.js";
import { MemoryStore } from "../support/memory-store.js";
import { silentLog } from "../support/silent-log.js";
import type { TestXmppServer } from "../support/xmpp-server.js";

const lamp = aDevice({
  channels: { power: { value: { kind: "switch" } }, note: { value: { kind: "text" }, writable: false } },
});
const door = aDevice({
  id: "front-door",
  label: "Front door",
  class: "lock",
  channels: {
    lock: { value: { kind: "lock" } },
    bell: { value: { kind: "event" }, readable: false, writable: false },
  },
});
const lampJid = "kitchen-lamp@iot.house.test";
const ns = {
  items: "http://jabber.org/protocol/disco#items",
  pubsub: "http://jabber.org/protocol/pubsub",
  event: "http://jabber.org/protocol/pubsub#event",
};

/** What the XMPP face owes people on every XMPP server. */
export function componentSuite(start: () => Promise<TestXmppServer>): void {
  let server: TestXmppServer;
  const open: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    server = await start();
  });
  afterEach(async () => {
    for (const part of open.splice(0).reverse()) await part.stop();
  });
  afterAll(() => server.stop());

  /** The XMPP face on the real server, over a house whose devices obey. Users of the server are its owners but mallory. */
  async function aFace(store = new MemoryStore()) {
    const { house, sink, adapter } = aHouse(lamp, door);
    const roles = new Map([["owner@house.test", "alice"]]);
    const gateway = new Proxy(house, {
      get(target, name) {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== "function") return member;
        return (first: unknown, ...rest: unknown[]) =>
          member.call(target, typeof first === "string" ? (roles.get(first) ?? first) : first, ...rest);
      },
    });
    adapter.takes = async ({ device, channel, value }: Command) => sink.report(device, { [channel]: value });
    sink.report("kitchen-lamp", { power: false });
    sink.report("front-door", { lock: "locked" });
    const link = createStream({
      domain: server.component,
      host: server.host,
      port: server.port,
      secret: server.secret,
      log: silentLog,
    });
    const face = new XmppFace({
      link,
      gateway,
      store,
      self: "face",
      settings: {
        houseName: "Our house",
        locale: machineLocale,
        version: "1.2.3",
        pubsub: server.pubsub,
        pubsubNames: "plain",
        presenceEvery: 0,
        publishEvery: 0,
        groups: () => [],
        people: () => new Set(["owner@house.test"]),
      },
      log: silentLog,
    });
    const online = new Promise<void>((resolve) => link.on("online", resolve));
    face.start();
    open.push(face);
    await online;
    return { house, sink, adapter, link, face };
  }

  async function aUser(user: string): Promise<TestClient> {
    const client = await connectClient({ port: server.c2sPort, domain: server.domain, user });
    open.push(client);
    await client.iq(el("iq", { type: "get" }, el("query", { xmlns: "jabber:iq:roster" })));
    await client.send(el("presence", {}));
    return client;
  }

  const say = (client: TestClient, to: string, body: string, id = `m-${body}`) =>
    client.send(el("message", { to, type: "chat", id }, el("body", {}, body)));
  const saidBy = (jid: string) => (stanza: Element) =>
    stanza.is("message") && stanza.attrs.from.startsWith(jid) && stanza.getChild("body") !== undefined;
  const bodyOf = (stanza: Element) => stanza.getChildText("body");
  const from = (jid: string, type?: string) => (stanza: Element) =>
    stanza.is("presence") && stanza.attrs.type === type && stanza.attrs.from.startsWith(jid);

  describe("an owner", () => {
    test("finds the devices, subscribes, sees a lamp, turns it on, and sees that it is on", async () => {
      const { adapter } = await aFace();
      const owner = await aUser("owner");
      const found = await owner.iq(
        el("iq", { type: "get", to: server.component }, el("query", { xmlns: ns.items })),
      );
      expect(
        found
          .getChild("query")
          ?.getChildren("item")
          .map((item) => item.attrs.jid),
      ).toEqual(["home@iot.house.test", "front-door@iot.house.test", lampJid]);
      await owner.send(el("presence", { to: lampJid, type: "subscribe" }));
      await owner.waitFor(from(lampJid, "subscribed"));
      const off = await owner.waitFor(from(lampJid));
      expect(off.getChildText("status")).toBe("off");
      await say(owner, lampJid, "on");
      expect(bodyOf(await owner.waitFor(saidBy(lampJid)))).toBe("Kitchen lamp is on.");
      expect(adapter.sent).toMatchObject([{ device: "kitchen-lamp", channel: "power", value: true }]);
      await owner.waitFor(
        (stanza) => from(lampJid)(stanza) && stanza.getChildText("status") === "on",
        "presence: on",
      );
    });

    test("gets a receipt for a message that asks for one, and asks the house for its list", async () => {
      await aFace();
      const owner = await aUser("owner");
      const request = el("request", { xmlns: "urn:xmpp:receipts" });
      await owner.send(
        el("message", { to: "home@iot.house.test", type: "chat", id: "r1" }, el("body", {}, "list"), request),
      );
      await owner.waitFor((stanza) => stanza.getChild("received", "urn:xmpp:receipts")?.attrs.id === "r1");
      const list = bodyOf(await owner.waitFor(saidBy("home@iot.house.test"))) ?? "";
      expect(list).toContain("Kitchen lamp");
      expect(list).toContain("Front door");
    });

    test("unlocks only with the code", async () => {
      const { adapter } = await aFace();
      const owner = await aUser("owner");
      const doorJid = "front-door@iot.house.test";
      await say(owner, doorJid, "unlock");
      const question = bodyOf(await owner.waitFor(saidBy(doorJid))) ?? "";
      const code = /Reply "yes (\d+)" within 30 s/.exec(question)?.[1] ?? "no code";
      expect(adapter.sent).toEqual([]);
      owner.stanzas.length = 0;
      await say(owner, doorJid, `yes ${code}`);
      expect(bodyOf(await owner.waitFor(saidBy(doorJid)))).toContain("unlocked");
      expect(adapter.sent).toMatchObject([{ value: "unlock" }]);
    });

    test("gets the last item on subscribing to a node, then each change and each event", async () => {
      const { sink } = await aFace();
      const owner = await aUser("owner");
      const node = `${server.component}/kitchen-lamp`;
      const subscribe = (name: string) =>
        owner.iq(
          el(
            "iq",
            { type: "set", to: server.pubsub },
            el("pubsub", { xmlns: ns.pubsub }, el("subscribe", { node: name, jid: owner.bare })),
          ),
        );
      await expect.poll(async () => (await subscribe(node)).attrs.type).toBe("result");
      const item = (channel: string, value: string) => (stanza: Element) => {
        const item = stanza.getChild("event", ns.event)?.getChild("items")?.getChild("item");
        const field = item?.getChild("resp")?.getChild("ts")?.getChildByAttr("n", channel);
        return field?.attrs.v === value;
      };
      await owner.waitFor(item("power", "false"), "the last item");
      sink.report("kitchen-lamp", { power: true });
      const changed = await owner.waitFor(item("power", "true"), "the change");
      expect(changed.getChild("event")?.getChild("items")?.getChild("item")?.attrs.id).toBe("current");
      await expect
        .poll(async () => (await subscribe(`${server.component}/front-door/events`)).attrs.type)
        .toBe("result");
      sink.event("front-door", "bell", { type: "ring" });
      await owner.waitFor(item("bell", "ring"), "the event");
    });

    test("a value that XML forbids, and one larger than a stanza, harm nobody", async () => {
      const { sink, link } = await aFace();
      const owner = await aUser("owner");
      await owner.send(el("presence", { to: lampJid, type: "subscribe" }));
      await owner.waitFor(from(lampJid, "subscribed"));
      for (const note of ["\u0001\ud800]]>😀", "&".repeat(60_000), "x".repeat(600_000)]) {
        sink.report("kitchen-lamp", { note });
      }
      sink.report("front-door", { lock: "jammed" });
      sink.report("kitchen-lamp", { power: true });
      await owner.waitFor(
        (stanza) => from(lampJid)(stanza) && (stanza.getChildText("status") ?? "").startsWith("on"),
      );
      await say(owner, lampJid, "status");
      await owner.waitFor(saidBy(lampJid));
      expect(link.state).toBe("online");
    });
  });

  describe("a stranger", () => {
    test("sees the same at an address that is there and one that is not, and no node's items", async () => {
      await aFace();
      const mallory = await aUser("mallory");
      const answers = await Promise.all(
        [lampJid, "cellar@iot.house.test", "home@iot.house.test"].map(async (to) => {
          const answer = await mallory.iq(el("iq", { type: "get", to }, el("query", { xmlns: ns.items })));
          return answer.getChild("error")?.toString();
        }),
      );
      expect(new Set(answers)).toEqual(
        new Set([
          '<error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>',
        ]),
      );
      const items = await mallory.iq(
        el(
          "iq",
          { type: "get", to: server.pubsub },
          el("pubsub", { xmlns: ns.pubsub }, el("items", { node: `${server.component}/kitchen-lamp` })),
        ),
      );
      expect(items.attrs.type).toBe("error");
    });

    test("commands nothing", async () => {
      const { adapter } = await aFace();
      const mallory = await aUser("mallory");
      const owner = await aUser("owner");
      await say(mallory, lampJid, "on");
      await say(owner, lampJid, "status");
      await owner.waitFor(saidBy(lampJid));
      expect(adapter.sent).toEqual([]);
    });
  });

  test("after the server was killed and started again, presence and items are told anew and chat works", async () => {
    const { sink } = await aFace();
    const owner = await aUser("owner");
    await owner.send(el("presence", { to: lampJid, type: "subscribe" }));
    await owner.waitFor(from(lampJid));
    await server.kill();
    sink.report("kitchen-lamp", { power: true });
    await server.restart();
    const again = await aUser("owner");
    await again.waitFor(
      (stanza) => from(lampJid)(stanza) && stanza.getChildText("status") === "on",
      "presence after it",
    );
    await say(again, lampJid, "off", "after");
    expect(bodyOf(await again.waitFor(saidBy(lampJid)))).toBe("Kitchen lamp is off.");
  });
}
