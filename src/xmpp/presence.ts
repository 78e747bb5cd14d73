import type { Channel, DeviceId } from "../core/device.js";
import type { GatewayEvents } from "../core/events.js";
import type { DeviceView } from "../core/gateway.js";
import { deviceResource } from "./jids.js";
import type { Link } from "./link.js";
import type { Moments } from "./moments.js";
import { NS } from "./namespaces.js";
import { type Show, showOf } from "./show.js";
import { type Element, el } from "./xml.js";

interface Announced {
  /** The stanza without its receiver, as text: what was last told to everyone who sees the device. */
  text: string;
  /** When a number alone last caused an announcement, on the monotonic clock. */
  numberAt: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Announces devices to those who see them: the newest state of each, once, when the link has room. What changes while the
 * link is busy is told once, as it is then.
 */
export class Presence {
  readonly #link: Link;
  readonly #view: (id: DeviceId) => DeviceView | undefined;
  readonly #seers: (local: string) => Iterable<string>;
  readonly #caps: () => Element;
  readonly #moments: Moments;
  readonly #every: number;
  readonly #announced = new Map<DeviceId, Announced>();
  readonly #dirty = new Set<DeviceId>();

  constructor(parts: {
    readonly link: Link;
    readonly view: (id: DeviceId) => DeviceView | undefined;
    /** The bare JIDs that see a device and may. */
    readonly seers: (local: string) => Iterable<string>;
    readonly caps: () => Element;
    /** How a status line tells a time. */
    readonly moments: Moments;
    /** Milliseconds between announcements that only a number caused. */
    readonly every: number;
  }) {
    this.#link = parts.link;
    this.#view = parts.view;
    this.#seers = parts.seers;
    this.#caps = parts.caps;
    this.#moments = parts.moments;
    this.#every = parts.every;
    parts.link.on("writable", () => this.#flush());
  }

  /** News of a device. Numbers that drift wait for their turn, everything else goes out at once. */
  onState({ device, states, qualityChanged }: GatewayEvents["state"]): void {
    const channels = [...states.keys()].flatMap((id) => device.channels.get(id) ?? []);
    if (!qualityChanged && channels.every(isContinuous)) this.#onDrift(device.id);
    else this.announce(device.id);
  }

  /** Tells everyone who sees the device what it looks like now, unless that is what they were told last. */
  announce(id: DeviceId): void {
    this.#dirty.add(id);
    this.#flush();
  }

  /** Forgets what was told, for the server may have lost it, and tells all again. */
  announceAll(ids: Iterable<DeviceId>): void {
    for (const announced of this.#announced.values()) announced.text = "";
    for (const id of ids) this.#dirty.add(id);
    this.#flush();
  }

  /** Tells one receiver, bare or full. */
  tell(id: DeviceId, receiver: string): void {
    const view = this.#view(id);
    if (view !== undefined) this.#link.send(addressed(this.#stanza(view), receiver));
  }

  /** The device is gone, or the gateway stops. */
  withdraw(id: DeviceId, status: string): void {
    const announced = this.#announced.get(id);
    clearTimeout(announced?.timer);
    this.#announced.delete(id);
    this.#dirty.delete(id);
    for (const receiver of this.#seers(id))
      this.#link.send(unavailable(`${id}@${this.#link.domain}`, receiver, status));
  }

  stop(): void {
    for (const announced of this.#announced.values()) clearTimeout(announced.timer);
  }

  #onDrift(id: DeviceId): void {
    const announced = this.#of(id);
    if (announced.timer !== undefined) return;
    const wait = announced.numberAt + this.#every - performance.now();
    if (wait <= 0) {
      announced.numberAt = performance.now();
      this.announce(id);
      return;
    }
    announced.timer = setTimeout(() => {
      announced.timer = undefined;
      announced.numberAt = performance.now();
      this.announce(id);
    }, wait);
  }

  #flush(): void {
    for (const id of this.#dirty) {
      if (!this.#link.isWritable) return;
      this.#dirty.delete(id);
      const view = this.#view(id);
      if (view === undefined) continue;
      const stanza = this.#stanza(view);
      const announced = this.#of(id);
      const text = stanza.toString();
      if (announced.text === text) continue;
      announced.text = text;
      for (const receiver of this.#seers(id)) this.#link.send(addressed(stanza, receiver));
    }
  }

  #stanza(view: DeviceView): Element {
    const from = `${view.device.id}@${this.#link.domain}/${deviceResource}`;
    return presenceStanza(from, showOf(view, this.#moments), view.device.label, this.#caps());
  }

  #of(id: DeviceId): Announced {
    let announced = this.#announced.get(id);
    if (announced === undefined) {
      announced = { text: "", numberAt: Number.NEGATIVE_INFINITY, timer: undefined };
      this.#announced.set(id, announced);
    }
    return announced;
  }
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
    el("priority", {}, "0"),
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
  const copy = el(stanza.name, { ...stanza.attrs, to });
  copy.children = stanza.children;
  return copy;
}

function isContinuous(channel: Channel): boolean {
  const { kind } = channel.value;
  return kind === "number" || kind === "location" || (kind === "level" && !channel.writable);
}
