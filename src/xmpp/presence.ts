import type { DeviceId } from "../core/device.js";
import type { GatewayEvents } from "../core/events.js";
import type { DeviceView } from "../core/gateway.js";
import type { Locale } from "../core/locale.js";
import { deviceResource } from "./jids.js";
import type { Link } from "./link.js";
import { clockTimes, type Moments } from "./moments.js";
import { NS } from "./namespaces.js";
import { type Show, showOf } from "./show.js";
import { Turns } from "./turns.js";
import { Element, el } from "./xml.js";

const owedLimit = 10_000;

/**
 * Announces devices to those who see them: the newest state of each, once, when the link has room. What changes while the
 * link is busy is told once, as it is then.
 */
export class Presence {
  readonly #link: Link;
  readonly #view: (id: DeviceId) => DeviceView | undefined;
  readonly #seers: (local: string) => Iterable<string>;
  readonly #caps: () => Element;
  readonly #locale: Locale;
  readonly #moments: Moments;
  readonly #turns: Turns;
  /** What was last told to everyone who sees a device; see `toldOf`. */
  readonly #announced = new Map<DeviceId, string>();
  readonly #dirty = new Set<DeviceId>();
  /** What waits until all is told again. */
  #afterAll: { untold: number; readonly go: () => void } | undefined;
  /** Who asked while the link was busy. */
  readonly #owed = new Map<string, { readonly id: DeviceId; readonly receiver: string }>();
  #isOver = false;

  constructor(parts: {
    readonly link: Link;
    readonly view: (id: DeviceId) => DeviceView | undefined;
    /** The bare JIDs that see a device and may. */
    readonly seers: (local: string) => Iterable<string>;
    readonly caps: () => Element;
    readonly locale: Locale;
    /** Milliseconds between announcements that only a number caused. */
    readonly every: number;
  }) {
    this.#link = parts.link;
    this.#view = parts.view;
    this.#seers = parts.seers;
    this.#caps = parts.caps;
    this.#locale = parts.locale;
    this.#moments = clockTimes(parts.locale.timeZone);
    this.#turns = new Turns(parts.every, (id) => this.announce(id));
    parts.link.on("writable", () => this.#flush());
  }

  /** News of a device, told when its turn comes. */
  onState(event: GatewayEvents["state"]): void {
    this.#turns.onState(event);
  }

  /** Tells everyone who sees the device what it looks like now, unless that is what they were told last. */
  announce(id: DeviceId): void {
    this.#dirty.add(id);
    this.#flush();
  }

  /**
   * Forgets what was told, for the server may have lost it, and tells all again. Calls `afterwards` once every device had its
   * turn; a new call takes the place of one that waits.
   */
  announceAll(ids: Iterable<DeviceId>, afterwards: () => void = () => {}): void {
    this.#owed.clear();
    this.#announced.clear();
    for (const id of ids) this.#dirty.add(id);
    // Who changes meanwhile goes to the end of them.
    this.#afterAll = { untold: this.#dirty.size, go: afterwards };
    this.#noteTurns(0);
    this.#flush();
  }

  /** Tells one receiver, bare or full, as soon as the link has room. */
  tell(id: DeviceId, receiver: string): void {
    if (this.#owed.size < owedLimit) this.#owed.set(`${id} ${receiver}`, { id, receiver });
    this.#flush();
  }

  /** Tells a user, a bare JID, nothing of what was to be told as soon as the link has room. */
  forget(user: string): void {
    for (const [key, { receiver }] of this.#owed)
      if (receiver === user || receiver.startsWith(`${user}/`)) this.#owed.delete(key);
  }

  /** The device is gone, or the gateway stops. */
  withdraw(id: DeviceId, status: string): void {
    this.#turns.forget(id);
    this.#announced.delete(id);
    if (this.#dirty.delete(id)) this.#noteTurns(1);
    for (const receiver of this.#seers(id))
      this.#link.send(unavailable(`${id}@${this.#link.domain}`, receiver, status));
  }

  /** Tells nothing more but what is withdrawn. */
  stop(): void {
    this.#isOver = true;
    this.#turns.stop();
  }

  #flush(): void {
    if (this.#isOver) return;
    for (const [key, { id, receiver }] of this.#owed) {
      if (!this.#link.isWritable) return;
      this.#owed.delete(key);
      const view = this.#view(id);
      if (view !== undefined) this.#link.send(addressed(this.#stanza(view), receiver));
    }
    for (const id of this.#dirty) {
      if (!this.#link.isWritable) return;
      this.#dirty.delete(id);
      this.#tellAll(id);
      this.#noteTurns(1);
    }
  }

  #tellAll(id: DeviceId): void {
    const view = this.#view(id);
    if (view === undefined) return;
    const show = showOf(view, this.#moments, this.#locale);
    const told = toldOf(show, view.device.label);
    if (this.#announced.get(id) === told) return;
    this.#announced.set(id, told);
    const stanza = this.#stanza(view, show);
    for (const receiver of this.#seers(id)) this.#link.send(addressed(stanza, receiver));
  }

  /** So many devices had their turn. */
  #noteTurns(count: number): void {
    const after = this.#afterAll;
    if (after === undefined) return;
    after.untold -= count;
    if (after.untold > 0) return;
    this.#afterAll = undefined;
    after.go();
  }

  #stanza(view: DeviceView, show = showOf(view, this.#moments, this.#locale)): Element {
    const from = `${view.device.id}@${this.#link.domain}/${deviceResource}`;
    return presenceStanza(from, show, view.device.label, this.#caps());
  }
}

const priority = el("priority", {}, "0");

/** All that differs between two presences of one device: far shorter than the stanza. */
function toldOf({ type, show, status, idleSince }: Show, nick: string): string {
  return [type ?? show, idleSince, nick, status].join("\n");
}

/** A presence without its receiver (RFC 6121 §4, XEP-0115, XEP-0172, XEP-0319). */
export function presenceStanza(from: string, show: Show, nick: string, caps: Element): Element {
  if (show.type === "unavailable")
    return el("presence", { from, type: "unavailable" }, el("status", {}, show.status));
  return el(
    "presence",
    { from },
    show.show === undefined ? undefined : el("show", {}, show.show),
    el("status", {}, show.status),
    priority,
    caps,
    el("nick", { xmlns: NS.nick }, nick),
    show.idleSince === undefined
      ? undefined
      : el("idle", { xmlns: NS.idle, since: new Date(show.idleSince).toISOString() }),
  );
}

export function unavailable(bare: string, receiver: string, status?: string): Element {
  const from = `${bare}/${deviceResource}`;
  const reason = status === undefined ? undefined : el("status", {}, status);
  return el("presence", { from, to: receiver, type: "unavailable" }, reason);
}

export function addressed(stanza: Element, to: string): Element {
  const copy = new Element(stanza.name, { ...stanza.attrs, to });
  copy.children = stanza.children;
  return copy;
}
