import { messageOf } from "../core/errors.js";
import type { Gateway } from "../core/gateway.js";
import type { Log } from "../core/log.js";
import { type Addressee, addresseeOf } from "./address.js";
import { contactCaps } from "./disco.js";
import { deviceResource, houseLocal, type Jid } from "./jids.js";
import type { Link } from "./link.js";
import { NS } from "./namespaces.js";
import { addressed, type Presence, presenceStanza, unavailable } from "./presence.js";
import type { Subscriptions } from "./subscriptions.js";
import { type Element, el } from "./xml.js";

const mutedFor = 600_000;

/**
 * Presence that users send to our addresses (RFC 6121 §3): the component is the server of its contacts. Devices are seen
 * and never ask back; only the house is mutual. Those who may not view get silence.
 */
export class Contacts {
  readonly #link: Link;
  readonly #gateway: Gateway;
  readonly #subscriptions: Subscriptions;
  readonly #presence: Presence;
  readonly #houseName: string;
  readonly #log: Log;
  /** Users whose server sent an error, until when (monotonic). */
  readonly #muted = new Map<string, number>();
  #houseText = "";

  constructor(parts: {
    readonly link: Link;
    readonly gateway: Gateway;
    readonly subscriptions: Subscriptions;
    readonly presence: Presence;
    readonly houseName: string;
    readonly log: Log;
  }) {
    this.#link = parts.link;
    this.#gateway = parts.gateway;
    this.#subscriptions = parts.subscriptions;
    this.#presence = parts.presence;
    this.#houseName = parts.houseName;
    this.#log = parts.log;
  }

  /** The bare JIDs that see this address, may, and can be reached. */
  seers(local: string): string[] {
    return [...this.#subscriptions.seers(local)].filter(
      (user) => this.#gateway.may(user, "view") && !this.#isMuted(user),
    );
  }

  onPresence(stanza: Element, from: Jid, to: Jid): void {
    if (stanza.attrs.type === "error") {
      this.#muted.set(from.bare, performance.now() + mutedFor);
      return;
    }
    this.#muted.delete(from.bare);
    if (!this.#gateway.may(from.bare, "view")) return;
    this.#onPermitted(stanza, from, to).catch((error) =>
      this.#log.error(
        { from: from.bare, to: to.bare },
        `a subscription could not be kept: ${messageOf(error)}`,
      ),
    );
  }

  /** Tells the house's own presence to all who see it, unless that is what they were told last. */
  announceHouse(): void {
    if (!this.#link.isWritable) return;
    for (const local of [houseLocal, ""]) {
      const stanza = this.#houseStanza(local);
      if (local === houseLocal && stanza.toString() === this.#houseText) return;
      if (local === houseLocal) this.#houseText = stanza.toString();
      for (const user of this.seers(local)) this.#link.send(addressed(stanza, user));
    }
  }

  /** After a connect: whoever lost the right or whose device is gone is told, and the house asks who is there. */
  refresh(): void {
    this.#houseText = "";
    this.announceHouse();
    for (const local of this.#subscriptions.locals()) {
      for (const user of this.#subscriptions.seers(local)) {
        if (!this.#gateway.may(user, "view")) this.#expel(local, user);
        else if (addresseeOf(this.#gateway, user, this.#ours(local)) === undefined) {
          this.#link.send(unavailable(this.#ours(local).bare, user, "no longer in the house"));
        }
      }
    }
    for (const user of this.#subscriptions.houseSees()) {
      this.#link.send(el("presence", { type: "probe", from: this.#ours(houseLocal).bare, to: user }));
    }
  }

  /** The gateway stops: the house and the domain go too. */
  leave(): void {
    for (const local of [houseLocal, ""]) {
      for (const user of this.seers(local))
        this.#link.send(unavailable(this.#ours(local).bare, user, "stopped"));
    }
  }

  async #onPermitted(stanza: Element, from: Jid, to: Jid): Promise<void> {
    const addressee = addresseeOf(this.#gateway, from.bare, to);
    switch (stanza.attrs.type) {
      case "subscribe":
        return addressee === undefined
          ? this.#reply(to, from, "unsubscribed")
          : this.#subscribe(addressee, from, to);
      case "unsubscribe":
        if (await this.#subscriptions.remove(to.local, from.bare)) {
          this.#reply(to, from, "unsubscribed");
          this.#link.send(unavailable(to.bare, from.bare));
        }
        return;
      case "subscribed":
        return to.local === houseLocal ? this.#subscriptions.setHouseSees(from.bare, true) : undefined;
      case "unsubscribed":
        return to.local === houseLocal ? this.#subscriptions.setHouseSees(from.bare, false) : undefined;
      case "probe":
        if (this.#subscriptions.isSeenBy(to.local, from.bare) && addressee !== undefined)
          this.#tell(addressee, from.full);
        else this.#reply(to, from, "unsubscribed");
        return;
    }
  }

  /** Repeated requests are answered alike, for a server repeats what it has not seen answered. */
  async #subscribe(addressee: Addressee, from: Jid, to: Jid): Promise<void> {
    await this.#subscriptions.add(to.local, from.bare);
    this.#reply(to, from, "subscribed");
    this.#tell(addressee, from.bare);
    if (addressee.kind === "house" && !this.#subscriptions.houseSees().has(from.bare))
      this.#reply(to, from, "subscribe");
  }

  #tell(addressee: Addressee, receiver: string): void {
    if (addressee.kind === "device") this.#presence.tell(addressee.view.device.id, receiver);
    else
      this.#link.send(addressed(this.#houseStanza(addressee.kind === "house" ? houseLocal : ""), receiver));
  }

  #houseStanza(local: string): Element {
    const { total, online } = this.#gateway.counts();
    const show = { status: `${online} of ${total} devices online` };
    return presenceStanza(
      `${this.#ours(local).bare}/${deviceResource}`,
      show,
      this.#houseName,
      contactCaps(),
    );
  }

  #expel(local: string, user: string): void {
    const ours = this.#ours(local).bare;
    this.#link.send(unavailable(ours, user));
    this.#link.send(el("presence", { from: ours, to: user, type: "unsubscribed" }));
    this.#subscriptions
      .remove(local, user)
      .catch((error) =>
        this.#log.error({ user }, `a subscription could not be removed: ${messageOf(error)}`),
      );
  }

  #reply(ours: Jid, user: Jid, type: "subscribe" | "subscribed" | "unsubscribed"): void {
    const nick = type === "subscribe" ? el("nick", { xmlns: NS.nick }, this.#houseName) : undefined;
    this.#link.send(el("presence", { from: ours.bare, to: user.bare, type }, nick));
  }

  #isMuted(user: string): boolean {
    return (this.#muted.get(user) ?? 0) > performance.now();
  }

  #ours(local: string): Jid {
    const { domain } = this.#link;
    const bare = local === "" ? domain : `${local}@${domain}`;
    return { local, domain, resource: "", bare, full: bare };
  }
}
