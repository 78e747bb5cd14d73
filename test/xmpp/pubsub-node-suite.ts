import { afterAll, beforeAll, expect, test } from "vitest";
import type { Link } from "../../src/xmpp/link.js";
import { PubsubService } from "../../src/xmpp/pubsub-node.js";
import { createStream } from "../../src/xmpp/stream.js";
import { type Element, el } from "../../src/xmpp/xml.js";
import { connectClient, type TestClient } from "../support/client.js";
import { silentLog } from "../support/silent-log.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";
import { closedToThem, type TestXmppServer } from "../support/xmpp-server.js";

const ns = {
  pubsub: "http://jabber.org/protocol/pubsub",
  owner: "http://jabber.org/protocol/pubsub#owner",
};
const owner = "owner@house.test";
const guest = "guest@house.test";

/** What our requests to a PubSub service bring about on every XMPP server. */
export function pubsubNodeSuite(start: () => Promise<TestXmppServer>): void {
  let server: TestXmppServer;
  let link: Link;
  let service: PubsubService;
  let faithful: SlixmppOwner;
  let dismissed: SlixmppOwner;
  let mallory: TestClient;

  beforeAll(async () => {
    server = await start();
    const { component: domain, host, port, secret } = server;
    link = createStream({ domain, host, port, secret, log: silentLog });
    const online = new Promise<void>((resolve) => link.on("online", resolve));
    link.start();
    await online;
    service = new PubsubService(link, server.pubsub);
    [faithful, dismissed] = await Promise.all([
      slixmppOwner(owner, "owner", server.c2sPort),
      slixmppOwner(guest, "guest", server.c2sPort),
    ]);
    mallory = await connectClient({ port: server.c2sPort, domain: server.domain, user: "mallory" });
  });

  afterAll(async () => {
    await Promise.all([faithful?.stop(), dismissed?.stop(), mallory?.stop(), link?.stop()]);
    await server.stop();
  });

  const nameOf = (device: string) => `${server.component}/${device}`;
  const publish = (node: string, value: string) =>
    service.publish(
      node,
      "current",
      el("resp", { xmlns: "urn:nf:iot:sd:1.0" }, el("s", { n: "note", v: value })),
    );
  const heard = (person: SlixmppOwner, node: string, value: string) =>
    person.hear(
      `${value} of ${node}`,
      (fact) => fact.got === "item" && fact.node === node && Object(fact.values).note === value,
    );

  async function follow(person: SlixmppOwner, node: string): Promise<void> {
    person.do({ do: "follow", service: server.pubsub, node });
    await person.hear("the subscription", ({ got }) => got === "followed");
  }

  async function refusalOf(person: SlixmppOwner, node: string): Promise<unknown> {
    person.do({ do: "fetch", service: server.pubsub, node });
    return (await person.hear("the node", ({ got }) => got === "fetched")).error;
  }

  const ask = (client: TestClient, type: string, payload: Element) =>
    client.iq(el("iq", { type, to: server.pubsub }, payload));

  test("a node keeps its last item for its members, and nobody else gets it", async () => {
    const node = nameOf("lamp");
    await service.prepare(node, 1);
    await service.admit(node, 1, new Set([owner, guest]));
    await publish(node, "first");
    await publish(node, "second");
    for (const person of [faithful, dismissed]) {
      await follow(person, node);
      // XEP-0060 §6.1.7: the last item comes on subscribing.
      await heard(person, node, "second");
      expect(person.heard(({ got, values }) => got === "item" && Object(values).note === "first")).toEqual(
        [],
      );
    }
    const items = await ask(mallory, "get", el("pubsub", { xmlns: ns.pubsub }, el("items", { node })));
    const subscribed = await ask(
      mallory,
      "set",
      el("pubsub", { xmlns: ns.pubsub }, el("subscribe", { node, jid: mallory.bare })),
    );
    expect([items.attrs.type, subscribed.attrs.type]).toEqual(["error", "error"]);
  });

  test("who is put out receives no further item, though others do, and may not come back", async () => {
    const node = nameOf("lamp");
    await publish(node, "for both");
    await Promise.all([heard(faithful, node, "for both"), heard(dismissed, node, "for both")]);
    dismissed.forget();
    // The service obeys: the node is not made anew, so that those who stay lose nothing.
    expect(await service.admit(node, 1, new Set([owner]))).toBe(false);
    await publish(node, "for one");
    await heard(faithful, node, "for one");
    // What was sent to them before this answer has arrived.
    expect(await refusalOf(dismissed, node)).toMatch(closedToThem);
    expect(dismissed.heard(({ got }) => got === "item")).toEqual([]);
    await service.admit(node, 1, new Set([owner, guest]));
    await follow(dismissed, node);
    await heard(dismissed, node, "for one");
  });

  test("all subscriptions of one who is put out end, also that of one client alone", async () => {
    const node = nameOf("blind");
    await service.prepare(node, 1);
    await service.admit(node, 1, new Set([owner, mallory.bare]));
    for (const jid of [mallory.bare, mallory.jid]) {
      const answer = await ask(
        mallory,
        "set",
        el("pubsub", { xmlns: ns.pubsub }, el("subscribe", { node, jid })),
      );
      expect(answer.attrs.type).toBe("result");
    }
    await follow(faithful, node);
    await service.admit(node, 1, new Set([owner]));
    mallory.stanzas.length = 0;
    await publish(node, "later");
    await heard(faithful, node, "later");
    await ask(mallory, "get", el("pubsub", { xmlns: ns.pubsub }, el("items", { node })));
    expect(mallory.stanzas.filter(({ name }) => name === "message").map(String)).toEqual([]);
  });

  test("a node that was prepared already is taken over with its members and items", async () => {
    const node = nameOf("blind");
    await service.prepare(node, 1);
    await service.admit(node, 1, new Set([owner]));
    await publish(node, "taken over");
    await heard(faithful, node, "taken over");
  });

  test("a node that is taken away is gone", async () => {
    const node = nameOf("blind");
    await service.delete(node);
    expect(await refusalOf(faithful, node)).toBe("item-not-found");
  });
}
