import { parse } from "ltx";
import { expect, test } from "vitest";
import { PubsubService } from "../../src/xmpp/pubsub-node.js";
import type { Element } from "../../src/xmpp/xml.js";
import { FakeLink } from "../support/fake-link.js";

const owner = "http://jabber.org/protocol/pubsub#owner";
const node = "iot.example.org/lamp";
const alice = "alice@example.org";

/** An answer of the service to a request of the owner. */
function listed(what: "affiliation" | "subscription", value: string, jids: readonly string[]): Element {
  const entries = jids.map((jid) => `<${what} jid="${jid}" ${what}="${value}" subid="of ${jid}"/>`).join("");
  return parse(`<pubsub xmlns="${owner}"><${what}s>${entries}</${what}s></pubsub>`) as unknown as Element;
}

/** A service whose node has alice for a member, and two others until it obeys or the node is deleted. */
function aService({ obeys }: { readonly obeys: boolean }) {
  const link = new FakeLink();
  let isGone = false;
  link.answer = (iq) => {
    const text = iq.toString();
    if (text.includes("<delete") || (obeys && text.includes('subscription="none"'))) isGone = true;
    if (!text.includes('type="get"')) return undefined;
    if (text.includes("<affiliations"))
      return listed("affiliation", "member", isGone ? [alice] : [alice, "old@example.org"]);
    const others = isGone ? [] : ["old@example.org/pc", "older@example.org"];
    if (text.includes("<subscriptions"))
      return listed("subscription", "subscribed", [`${alice}/pc`, ...others]);
    return undefined;
  };
  return { link, service: new PubsubService(link, "pubsub.example.org") };
}

/** The children of the requests that changed something. */
function changes(sent: readonly string[]): string[] {
  return sent
    .filter((iq) => iq.includes('type="set"'))
    .map((iq) => iq.replace(/^<iq [^>]*><pubsub [^>]*>|<\/pubsub><\/iq>$/g, ""));
}

test("who is no member loses the subscriptions first, then the membership", async () => {
  const { link, service } = aService({ obeys: true });
  await service.admit(node, 1, new Set([alice]));
  expect(changes(link.take())).toEqual([
    `<subscriptions node="${node}">` +
      '<subscription jid="old@example.org/pc" subid="of old@example.org/pc" subscription="none"/>' +
      '<subscription jid="older@example.org" subid="of older@example.org" subscription="none"/></subscriptions>',
    `<affiliations node="${node}"><affiliation jid="old@example.org" affiliation="none"/></affiliations>`,
  ]);
});

test("a service that does not let go of them loses the node", async () => {
  const { link, service } = aService({ obeys: false });
  await service.admit(node, 1, new Set([alice]));
  const [deleted, remade, , admitted] = changes(link.take()).slice(-4);
  expect(deleted).toBe(`<delete node="${node}"/>`);
  expect(remade).toBe(`<create node="${node}"/>`);
  expect(admitted).toBe(
    `<affiliations node="${node}"><affiliation jid="${alice}" affiliation="member"/></affiliations>`,
  );
});
