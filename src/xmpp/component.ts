import type { DeviceId } from "../core/device.js";
import type { Gateway } from "../core/gateway.js";
import type { Locale } from "../core/locale.js";
import type { Log } from "../core/log.js";
import type { Store } from "../core/store.js";
import { createChat } from "./chat/chat.js";
import type { Group } from "./chat/targets.js";
import { Contacts, gone } from "./contacts.js";
import { contactCaps, discoHandlers } from "./disco.js";
import { Doorkeeper } from "./doorkeeper.js";
import { IqRouter } from "./iq-router.js";
import { parseJid } from "./jids.js";
import type { Link } from "./link.js";
import { createMessages } from "./messages.js";
import { opaqueNames, plainNames } from "./node-names.js";
import { Presence } from "./presence.js";
import { Pubsub } from "./pubsub.js";
import { PubsubService } from "./pubsub-node.js";
import { queryHandlers } from "./queries.js";
import { Rosters } from "./rosters.js";
import { StanzaError } from "./stanza-error.js";
import { Subscriptions } from "./subscriptions.js";
import { type Element, el } from "./xml.js";

/** Milliseconds that telling everyone of a stop may take. */
const farewellWithin = 2_000;

export interface XmppSettings {
  readonly houseName: string;
  readonly locale: Locale;
  readonly version: string;
  /** The JID of the PubSub service; none: nothing is published. */
  readonly pubsub: string | undefined;
  readonly pubsubNames: "plain" | "opaque";
  /** Milliseconds. */
  readonly presenceEvery: number;
  readonly publishEvery: number;
  /** As they are now. */
  readonly groups: () => readonly Group[];
  /** The bare JIDs that have a role in this house, as it is now. */
  readonly people: () => ReadonlySet<string>;
}

/** The XMPP face: hangs the handlers on a link. Takes over the link: `start` and `stop` are its own. */
export class XmppFace {
  readonly #link: Link;
  readonly #gateway: Gateway;
  readonly #presence: Presence;
  readonly #contacts: Contacts;
  readonly #rosters: Rosters;
  readonly #pubsub: Pubsub | undefined;
  readonly #unlisten: (() => void)[] = [];
  /** The face itself sees every device; what others may see is decided where it is sent. */
  readonly #self: string;
  #onRoom: () => void = () => {};

  constructor(parts: {
    readonly link: Link;
    readonly gateway: Gateway;
    readonly store: Store;
    readonly settings: XmppSettings;
    /** The principal that may view everything. */
    readonly self: string;
    readonly log: Log;
  }) {
    const { link, gateway, store, settings, log } = parts;
    this.#link = link;
    this.#gateway = gateway;
    this.#self = parts.self;
    const view = (id: DeviceId) => gateway.device(parts.self, id);
    const subscriptions = new Subscriptions(store);
    this.#presence = new Presence({
      link,
      view,
      seers: (local) => this.#contacts.seers(local),
      caps: contactCaps,
      locale: settings.locale,
      every: settings.presenceEvery,
    });
    this.#contacts = new Contacts({
      link,
      gateway,
      subscriptions,
      presence: this.#presence,
      houseName: settings.houseName,
      log,
    });
    this.#rosters = new Rosters({
      link,
      gateway,
      store,
      subscriptions,
      people: settings.people,
      houseName: settings.houseName,
      show: (local, user) => this.#contacts.show(local, user),
      log,
    });
    const nameOf =
      settings.pubsubNames === "opaque" ? opaqueNames(link.domain, store, log) : plainNames(link.domain);
    const { pubsub } = settings;
    if (pubsub !== undefined) {
      this.#pubsub = new Pubsub({
        link,
        service: new PubsubService(link, pubsub),
        store,
        log,
        view,
        nameOf,
        members: () => new Set([...settings.people()].filter((jid) => gateway.may(jid, "view"))),
        epoch: gateway.epoch,
        every: settings.publishEvery,
      });
    }
    const messages = createMessages({
      send: (stanza) => link.send(stanza),
      gateway,
      chat: createChat({
        gateway,
        home: { name: settings.houseName, locale: settings.locale },
        groups: settings.groups,
        jidOf: (id) => `${id}@${link.domain}`,
        contacts: this.#rosters,
      }),
      log,
      isAgeUnknown: () => !link.isCaughtUp,
    });
    const router = new IqRouter({
      gateway,
      log,
      send: (stanza) => link.send(stanza),
      handlers: {
        ...queryHandlers({ version: settings.version, timeZone: settings.locale.timeZone }),
        ...discoHandlers({
          gateway,
          domain: link.domain,
          houseName: settings.houseName,
          nodesOf: (id) =>
            pubsub === undefined
              ? []
              : [{ jid: pubsub, node: nameOf(id), name: view(id)?.device.label ?? id }],
        }),
      },
    });
    this.#route({ router, messages });
    this.#listen();
  }

  start(): void {
    this.#link.start();
  }

  /** Tells everyone that the house goes, then closes the stream. */
  async stop(): Promise<void> {
    for (const unlisten of this.#unlisten) unlisten();
    this.#pubsub?.stop();
    this.#rosters.stop();
    this.#presence.stop();
    const deadline = performance.now() + farewellWithin;
    for (const id of this.#ids()) {
      await this.#room(deadline);
      this.#presence.withdraw(id, "The gateway was stopped.");
    }
    this.#contacts.leave();
    await this.#link.stop();
  }

  #route(to: { readonly router: IqRouter; readonly messages: ReturnType<typeof createMessages> }): void {
    const doorkeeper = new Doorkeeper();
    this.#link.on("stanza", (stanza) => {
      const from = parseJid(stanza.attrs.from);
      const ours = parseJid(stanza.attrs.to);
      if (from === undefined || ours?.domain !== this.#link.domain || from.domain === this.#link.domain)
        return;
      const isPerson = this.#gateway.may(from.bare, "view");
      const verdict = isPerson
        ? stanza.name === "presence" || stanza.attrs.type === "error"
          ? "take"
          : doorkeeper.person(from)
        : doorkeeper.stranger(from);
      if (verdict === "refuse") this.#link.send(refusalOf(stanza));
      if (verdict !== "take") return;
      if (stanza.is("iq")) void to.router.onIq(stanza, from, ours);
      if (stanza.is("message")) to.messages.onMessage(stanza, from, ours);
      if (stanza.is("presence")) this.#contacts.onPresence(stanza, from, ours);
    });
  }

  #listen(): void {
    this.#link.on("online", () => {
      this.#contacts.refresh();
      // Making sure of nodes is slow work for a server, and would hold up what people look at.
      this.#presence.announceAll(this.#ids(), () => this.#pubsub?.publishAll(this.#ids()));
    });
    this.#link.on("writable", () => {
      this.#onRoom();
      this.#contacts.announceHouse();
    });
    this.#unlisten.push(
      this.#gateway.on("state", (event) => {
        this.#presence.onState(event);
        this.#pubsub?.publish(event.device.id);
      }),
      this.#gateway.on("availability", ({ device }) => {
        this.#presence.announce(device.id);
        this.#contacts.announceHouse();
      }),
      this.#gateway.on("event", ({ device, channel, event, id, at }) =>
        this.#pubsub?.publishEvent(device.id, channel, event, id, at),
      ),
      this.#gateway.on("device", ({ device, change }) => {
        if (change === "removed") {
          this.#presence.withdraw(device.id, gone);
          this.#pubsub?.withdraw(device.id);
        } else {
          this.#presence.announce(device.id);
          this.#pubsub?.publish(device.id);
        }
        this.#contacts.announceHouse();
      }),
      this.#gateway.on("access", ({ principals }) => {
        this.#contacts.onAccess(principals);
        this.#pubsub?.admit();
      }),
    );
  }

  /** Resolves when the link has room, or at the deadline (monotonic clock) whether it has or not. */
  #room(deadline: number): Promise<void> {
    if (this.#link.isWritable || this.#link.state !== "online") return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, deadline - performance.now()));
      this.#onRoom = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #ids(): DeviceId[] {
    return this.#gateway.devices(this.#self).map(({ device }) => device.id);
  }
}

function refusalOf(stanza: Element): Element {
  const { id, from, to } = stanza.attrs;
  const error = new StanzaError(
    "wait",
    "policy-violation",
    "That is more than 50 requests a second; slow down.",
  );
  return el(stanza.name, { type: "error", id, from: to, to: from }, error.toElement());
}
