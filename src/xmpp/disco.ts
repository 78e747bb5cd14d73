import type { Gateway } from "../core/gateway.js";
import type { IqHandlers, IqRequest } from "./address.js";
import { capsElement, capsNode, type Identity, verificationString } from "./caps.js";
import { houseLocal } from "./jids.js";
import { NS } from "./namespaces.js";
import { page } from "./result-set.js";
import { StanzaError } from "./stanza-error.js";
import { type Element, el } from "./xml.js";

const common = [NS.discoInfo, NS.discoItems, NS.ping, NS.time, NS.version];
const domainFeatures = [...common, NS.resultSet];
const contactFeatures = [...common, NS.caps, NS.chatStates, NS.markers, NS.receipts];
/** Alike for all devices and the house, so that a client asks once: the label is told to who asks without a node. */
const contactIdentity: Identity = { category: "client", type: "bot" };
const contactVer = verificationString([contactIdentity], contactFeatures);

/** Service discovery (XEP-0030) of the domain, the house and the devices. */
export function discoHandlers(parts: {
  readonly gateway: Gateway;
  readonly domain: string;
  readonly houseName: string;
  /** Where a device's PubSub nodes are; none without a service. */
  readonly nodesOf: (
    device: string,
  ) => readonly { readonly jid: string; readonly node: string; readonly name: string }[];
}): IqHandlers {
  const { gateway, domain, houseName } = parts;

  function info({ addressee, payload }: IqRequest): Element {
    const node: unknown = payload.attrs.node;
    if (node !== undefined) {
      const isCaps = node === `${capsNode}#${contactVer}` && addressee.kind !== "domain";
      if (!isCaps) throw new StanzaError("cancel", "item-not-found");
      return infoElement([contactIdentity], contactFeatures, String(node));
    }
    switch (addressee.kind) {
      case "domain":
        return infoElement([{ category: "gateway", type: "iot", name: houseName }], domainFeatures);
      case "house":
        return infoElement([{ ...contactIdentity, name: houseName }], contactFeatures);
      case "device":
        return infoElement([{ ...contactIdentity, name: addressee.view.device.label }], contactFeatures);
    }
  }

  function items({ from, addressee, payload }: IqRequest): Element {
    if (payload.attrs.node !== undefined) throw new StanzaError("cancel", "item-not-found");
    switch (addressee.kind) {
      case "domain":
      case "house": {
        const devices = gateway
          .devices(from.bare)
          .map(({ device }) => ({ jid: `${device.id}@${domain}`, name: device.label }));
        const all = [{ jid: `${houseLocal}@${domain}`, name: houseName }, ...devices];
        const { items: some, set } = page(all, (item) => item.jid, payload);
        return el("query", { xmlns: NS.discoItems }, ...some.map((item) => el("item", item)), set);
      }
      case "device": {
        const nodes = parts.nodesOf(addressee.view.device.id);
        return el("query", { xmlns: NS.discoItems }, ...nodes.map((node) => el("item", node)));
      }
    }
  }

  return { [`get ${NS.discoInfo} query`]: info, [`get ${NS.discoItems} query`]: items };
}

/** What the presence of a device or of the house carries. */
export function contactCaps(): Element {
  return capsElement(contactVer);
}

function infoElement(identities: readonly Identity[], features: readonly string[], node?: string): Element {
  return el(
    "query",
    { xmlns: NS.discoInfo, node },
    ...identities.map(({ category, type, name }) => el("identity", { category, type, name })),
    ...features.map((feature) => el("feature", { var: feature })),
  );
}
