import { domainOf } from "./domain-of.js";
import { parseJid } from "./jids.js";
import type { Link } from "./link.js";
import { NS } from "./namespaces.js";
import type { RosterItem } from "./roster-plan.js";
import { type Element, el } from "./xml.js";

export interface Roster {
  /** Of all contacts, whoever they are. */
  readonly size: number;
  /** Our addresses among them, by localpart. */
  readonly items: ReadonlyMap<string, RosterItem>;
  /** Those of them whose presence the user has asked for and not got yet. */
  readonly asked: ReadonlySet<string>;
}

/** Reads a user's roster (RFC 6121 §2.1.3) by the privilege that their server granted (XEP-0356 §6.2). */
export async function readRoster(link: Link, user: string): Promise<Roster> {
  const query = el("query", { xmlns: NS.roster });
  const reply = await link.request(el("iq", { type: "get", from: link.domain, to: user }, query));
  const all = reply.getChild("query", NS.roster)?.getChildren("item") ?? [];
  const items = new Map<string, RosterItem>();
  const asked = new Set<string>();
  for (const item of all) {
    const jid = domainOf(item.attrs.jid) === link.domain ? parseJid(item.attrs.jid) : undefined;
    if (jid === undefined || jid.local === "" || jid.resource !== "") continue;
    if (item.attrs.ask === "subscribe") asked.add(jid.local);
    items.set(jid.local, {
      name: item.attrs.name ?? "",
      groups: item.getChildren("group").map((group) => group.getText()),
      subscription: item.attrs.subscription ?? "none",
    });
  }
  return { size: all.length, items, asked };
}

/** Adds or changes one contact (RFC 6121 §2.3, §2.4), or takes it off. */
export async function changeRoster(
  link: Link,
  user: string,
  local: string,
  change: RosterItem | "remove",
): Promise<void> {
  const jid = `${local}@${link.domain}`;
  const item: Element =
    change === "remove"
      ? el("item", { jid, subscription: "remove" })
      : el(
          "item",
          { jid, name: change.name, subscription: change.subscription },
          ...change.groups.map((group) => el("group", {}, group)),
        );
  const query = el("query", { xmlns: NS.roster }, item);
  await link.request(el("iq", { type: "set", from: link.domain, to: user }, query));
}
