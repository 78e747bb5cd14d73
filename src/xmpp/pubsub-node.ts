import { fieldNames, submitForm } from "./forms.js";
import type { Link } from "./link.js";
import { NS } from "./namespaces.js";
import { StanzaError } from "./stanza-error.js";
import { type Element, el } from "./xml.js";

const wanted: Readonly<Record<string, string>> = {
  "pubsub#access_model": "whitelist",
  "pubsub#persist_items": "true",
  "pubsub#send_last_published_item": "on_sub",
};

/** A node that another entity owns: it is never published to. */
export class ForeignNodeError extends Error {}

/** The requests to one PubSub service (XEP-0060) that a publisher needs. All reject with a `StanzaError`. */
export class PubsubService {
  readonly #link: Link;
  readonly #jid: string;
  #defaultFields: Promise<Set<string>> | undefined;

  constructor(link: Link, jid: string) {
    this.#link = link;
    this.#jid = jid;
  }

  /** Creates the node or takes over our own, and gives it our configuration. Rejects with a `ForeignNodeError`. */
  async prepare(node: string, maxItems: number): Promise<void> {
    try {
      await this.#set(el("pubsub", { xmlns: NS.pubsub }, el("create", { node })));
    } catch (error) {
      if (!(error instanceof StanzaError) || error.condition !== "conflict") throw error;
    }
    this.#defaultFields ??= this.#readDefaultFields();
    const known = await this.#defaultFields;
    const fields = Object.entries({ ...wanted, "pubsub#max_items": String(maxItems) }).filter(
      ([name]) => known.size === 0 || known.has(name),
    );
    const form = submitForm(NS.nodeConfig, Object.fromEntries(fields));
    try {
      await this.#set(el("pubsub", { xmlns: NS.pubsubOwner }, el("configure", { node }, form)));
    } catch (error) {
      if (error instanceof StanzaError && error.condition === "forbidden") throw new ForeignNodeError(node);
      throw error;
    }
  }

  /** Makes exactly these bare JIDs members; who is withdrawn loses the subscriptions first (XEP-0060 §8.8, §8.9). */
  async setMembers(node: string, members: ReadonlySet<string>): Promise<void> {
    const affiliations = await this.#owned(node, "affiliations");
    const current = new Map(
      affiliations
        .getChildren("affiliation")
        .map((entry) => [String(entry.attrs.jid), String(entry.attrs.affiliation)] as const),
    );
    const missing = [...members].filter(
      (jid) => !["member", "owner", "publisher"].includes(current.get(jid) ?? ""),
    );
    const surplus = [...current]
      .filter(([jid, affiliation]) => affiliation === "member" && !members.has(jid))
      .map(([jid]) => jid);
    await this.#unsubscribe(node, new Set(surplus));
    const changes = [
      ...missing.map((jid) => el("affiliation", { jid, affiliation: "member" })),
      ...surplus.map((jid) => el("affiliation", { jid, affiliation: "none" })),
    ];
    if (changes.length > 0) {
      await this.#set(el("pubsub", { xmlns: NS.pubsubOwner }, el("affiliations", { node }, ...changes)));
    }
  }

  async publish(node: string, id: string, payload: Element): Promise<void> {
    await this.#set(el("pubsub", { xmlns: NS.pubsub }, el("publish", { node }, el("item", { id }, payload))));
  }

  async delete(node: string): Promise<void> {
    await this.#set(el("pubsub", { xmlns: NS.pubsubOwner }, el("delete", { node })));
  }

  async #unsubscribe(node: string, users: ReadonlySet<string>): Promise<void> {
    if (users.size === 0) return;
    const subscriptions = await this.#owned(node, "subscriptions");
    const ended = subscriptions
      .getChildren("subscription")
      .filter((entry) => users.has(String(entry.attrs.jid).split("/")[0] ?? ""))
      .map((entry) =>
        el("subscription", { jid: entry.attrs.jid, subid: entry.attrs.subid, subscription: "none" }),
      );
    if (ended.length > 0) {
      await this.#set(el("pubsub", { xmlns: NS.pubsubOwner }, el("subscriptions", { node }, ...ended)));
    }
  }

  /** XEP-0060 §8.3: only what the service's own default form has may be sent. Empty when it has none to show. */
  async #readDefaultFields(): Promise<Set<string>> {
    try {
      const result = await this.#request("get", el("pubsub", { xmlns: NS.pubsubOwner }, el("default", {})));
      const form = result.getChild("pubsub")?.getChild("default")?.getChild("x", NS.dataForms);
      return form === undefined ? new Set() : fieldNames(form);
    } catch (error) {
      if (error instanceof StanzaError && error.condition !== "remote-server-timeout") return new Set();
      this.#defaultFields = undefined;
      throw error;
    }
  }

  async #owned(node: string, what: "affiliations" | "subscriptions"): Promise<Element> {
    const result = await this.#request("get", el("pubsub", { xmlns: NS.pubsubOwner }, el(what, { node })));
    return result.getChild("pubsub")?.getChild(what) ?? el(what, {});
  }

  async #set(payload: Element): Promise<void> {
    await this.#request("set", payload);
  }

  #request(type: "get" | "set", payload: Element): Promise<Element> {
    return this.#link.request(el("iq", { type, from: this.#link.domain, to: this.#jid }, payload));
  }
}
