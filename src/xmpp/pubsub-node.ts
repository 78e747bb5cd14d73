import { fieldNames, submitForm } from "./forms.js";
import { parseJid } from "./jids.js";
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

/** Who has to do with a node. */
interface Audience {
  readonly affiliations: ReadonlyMap<string, string>;
  /** The bare JIDs of members that should be none. */
  readonly others: readonly string[];
  /** The subscriptions of whoever should be no member. */
  readonly subscriptions: readonly Element[];
}

const nobody: Audience = { affiliations: new Map(), others: [], subscriptions: [] };

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

  /**
   * Makes exactly these bare JIDs the members of our node. A service that keeps sending to whom it was told to forget loses
   * the node, which is then made anew: resolves with whether it was, and is empty.
   */
  async admit(node: string, maxItems: number, members: ReadonlySet<string>): Promise<boolean> {
    let audience = await this.#audience(node, members);
    const isObstinate = hasOthers(audience) && !(await this.#expel(node, audience, members));
    if (isObstinate) {
      await this.delete(node);
      await this.prepare(node, maxItems);
      audience = nobody;
    }
    const { affiliations } = audience;
    const missing = [...members].filter(
      (jid) => !["member", "owner", "publisher"].includes(affiliations.get(jid) ?? ""),
    );
    await this.#affiliate(node, missing, "member");
    return isObstinate;
  }

  async publish(node: string, id: string, payload: Element): Promise<void> {
    await this.#set(el("pubsub", { xmlns: NS.pubsub }, el("publish", { node }, el("item", { id }, payload))));
  }

  async delete(node: string): Promise<void> {
    await this.#set(el("pubsub", { xmlns: NS.pubsubOwner }, el("delete", { node })));
  }

  /**
   * Whoever is no member loses the subscriptions first, then the affiliation (XEP-0060 §8.8, §8.9). Resolves with false
   * if the service refuses that, or says yes and does not do it.
   */
  async #expel(
    node: string,
    { others, subscriptions }: Audience,
    members: ReadonlySet<string>,
  ): Promise<boolean> {
    try {
      const ended = subscriptions.map(({ attrs: { jid, subid } }) =>
        el("subscription", { jid, subid, subscription: "none" }),
      );
      if (ended.length > 0)
        await this.#set(el("pubsub", { xmlns: NS.pubsubOwner }, el("subscriptions", { node }, ...ended)));
      await this.#affiliate(node, others, "none");
    } catch (error) {
      if (error instanceof StanzaError && error.type !== "wait") return false;
      throw error;
    }
    return !hasOthers(await this.#audience(node, members));
  }

  async #audience(node: string, members: ReadonlySet<string>): Promise<Audience> {
    const entries = (await this.#owned(node, "affiliations")).getChildren("affiliation");
    const affiliations = new Map(
      entries.map(({ attrs }) => [String(attrs.jid), String(attrs.affiliation)] as const),
    );
    const others = [...affiliations.keys()].filter(
      (jid) => affiliations.get(jid) === "member" && !members.has(jid),
    );
    const subscriptions = (await this.#owned(node, "subscriptions"))
      .getChildren("subscription")
      .filter(({ attrs: { jid, subscription } }) => {
        const bare = parseJid(jid)?.bare ?? "";
        return subscription !== "none" && bare !== this.#link.domain && !members.has(bare);
      });
    return { affiliations, others, subscriptions };
  }

  async #affiliate(node: string, jids: readonly string[], affiliation: "member" | "none"): Promise<void> {
    if (jids.length === 0) return;
    const changes = jids.map((jid) => el("affiliation", { jid, affiliation }));
    await this.#set(el("pubsub", { xmlns: NS.pubsubOwner }, el("affiliations", { node }, ...changes)));
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

function hasOthers({ others, subscriptions }: Audience): boolean {
  return others.length > 0 || subscriptions.length > 0;
}
