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
/** What the presence of a removed device says. */
export const gone = "no longer in the house";
const houseEvery = 1_000;

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
  /** Users whose server sent an error, and the timer that tries them again. */
  readonly #muted = new Map<string, NodeJS.Timeout>();
  #houseText = "";
  /** Runs while the house told of itself less than a second ago. */
  #houseTimer: NodeJS.Timeout | undefined;
  #isHouseDirty = false;

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
      (user) => this.#gateway.may(user, "view") && !this.#muted.has(user),
    );
  }

  /** Tells a user the presence of one of our addresses, as far as it is theirs to see. */
  show(local: string, user: string): void {
    const addressee = addresseeOf(this.#gateway, user, this.#ours(local));
    if (addressee !== undefined) this.#tell(addressee, user);
  }

  onPresence(stanza: Element, from: Jid, to: Jid): void {
    if (!this.#gateway.may(from.bare, "view")) return;
    if (stanza.attrs.type === "error") {
      this.#mute(from.bare);
      return;
    }
    // A server that probes, probes everything.
    this.#unmute(from.bare, stanza.attrs.type !== "probe");
    this.#onPermitted(stanza, from, to).catch((error) =>
      this.#log.error(
        { from: from.bare, to: to.bare },
        `a subscription could not be kept: ${messageOf(error)}`,
      ),
    );
  }

  /**
   * Tells the house's own presence to all who see it, unless that is what they were told last; at most once a second, for
   * a broker takes and brings all its devices at once.
   */
  announceHouse(): void {
    this.#isHouseDirty = this.#houseTimer !== undefined;
    if (this.#isHouseDirty) return;
    this.#houseTimer = setTimeout(() => {
      this.#houseTimer = undefined;
      if (this.#isHouseDirty) this.announceHouse();
    }, houseEvery);
    this.#sendHouse();
  }

  #sendHouse(): void {
    if (!this.#link.isWritable) return;
    for (const local of [houseLocal, ""]) {
      const stanza = this.#houseStanza(local);
      if (local === houseLocal && stanza.toString() === this.#houseText) return;
      if (local === houseLocal) this.#houseText = stanza.toString();
      for (const user of this.seers(local)) this.#link.send(addressed(stanza, user));
    }
  }

  /** Whoever lost the right to see is told so at once, and sees nothing more. */
  onAccess(principals: ReadonlySet<string>): void {
    // Without a link nobody can be told; `refresh` does it then.
    if (this.#link.state !== "online") return;
    for (const user of principals) {
      if (this.#gateway.may(user, "view")) continue;
      this.#presence.forget(user);
      for (const local of this.#subscriptions.locals()) {
        if (this.#subscriptions.isSeenBy(local, user)) this.#expel(local, user);
      }
      if (this.#subscriptions.houseSees().has(user)) this.#stopSeeing(user);
    }
  }

  /** After a connect: whoever lost the right or whose device is gone is told, and the house asks who is there. */
  refresh(): void {
    this.#houseText = "";
    this.#sendHouse();
    for (const local of this.#subscriptions.locals()) {
      for (const user of this.#subscriptions.seers(local)) {
        if (!this.#gateway.may(user, "view")) this.#expel(local, user);
        else if (addresseeOf(this.#gateway, user, this.#ours(local)) === undefined) {
          this.#link.send(unavailable(this.#ours(local).bare, user, gone));
        }
      }
    }
    for (const user of this.#subscriptions.houseSees()) {
      if (this.#gateway.may(user, "view")) this.#ask("probe", user);
      else this.#stopSeeing(user);
    }
  }

  /** The gateway stops: the house and the domain go too. */
  leave(): void {
    clearTimeout(this.#houseTimer);
    for (const timer of this.#muted.values()) clearTimeout(timer);
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
        if (!this.#subscriptions.isSeenBy(to.local, from.bare)) this.#reply(to, from, "unsubscribed");
        else if (addressee !== undefined) this.#tell(addressee, from.full);
        else this.#link.send(unavailable(to.bare, from.full, gone));
        return;
    }
  }

  /** Repeated requests are answered alike, for a server repeats what it has not seen answered. */
  async #subscribe(addressee: Addressee, from: Jid, to: Jid): Promise<void> {
    const isNew = await this.#subscriptions.add(to.local, from.bare);
    // They lost the right while it was written down, and were told.
    if (!this.#subscriptions.isSeenBy(to.local, from.bare)) return;
    this.#reply(to, from, "subscribed");
    this.#tell(addressee, from.bare);
    if (isNew && addressee.kind === "house" && !this.#subscriptions.houseSees().has(from.bare))
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
    this.#note(user, this.#subscriptions.remove(local, user));
  }

  #stopSeeing(user: string): void {
    this.#ask("unsubscribe", user);
    this.#note(user, this.#subscriptions.setHouseSees(user, false));
  }

  #ask(type: "probe" | "unsubscribe", user: string): void {
    this.#link.send(el("presence", { type, from: this.#ours(houseLocal).bare, to: user }));
  }

  #note(user: string, removed: Promise<unknown>): void {
    removed.catch((error) =>
      this.#log.error({ user }, `a subscription could not be removed: ${messageOf(error)}`),
    );
  }

  #reply(ours: Jid, user: Jid, type: "subscribe" | "subscribed" | "unsubscribed"): void {
    const nick = type === "subscribe" ? el("nick", { xmlns: NS.nick }, this.#houseName) : undefined;
    this.#link.send(el("presence", { from: ours.bare, to: user.bare, type }, nick));
  }

  #mute(user: string): void {
    if (this.#muted.has(user)) return;
    const timer = setTimeout(() => this.#unmute(user, true), mutedFor);
    this.#muted.set(user, timer);
  }

  /** What changed meanwhile was not told. */
  #unmute(user: string, tellsAll: boolean): void {
    if (!this.#muted.has(user)) return;
    clearTimeout(this.#muted.get(user));
    this.#muted.delete(user);
    for (const local of tellsAll ? this.#subscriptions.locals() : [])
      if (this.#subscriptions.isSeenBy(local, user)) this.show(local, user);
  }

  #ours(local: string): Jid {
    const { domain } = this.#link;
    const bare = local === "" ? domain : `${local}@${domain}`;
    return { local, domain, resource: "", bare, full: bare };
  }
}
