import { machineLocale } from "../../src/core/locale.js";
import { XmppFace, type XmppSettings } from "../../src/xmpp/component.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { FakeLink } from "../support/fake-link.js";
import { MemoryStore } from "../support/memory-store.js";
import { silentLog } from "../support/silent-log.js";

const settings: XmppSettings = {
  houseName: "Our house",
  locale: machineLocale,
  version: "1.2.3",
  pubsub: undefined,
  pubsubNames: "plain",
  presenceEvery: 30_000,
  publishEvery: 1_000,
  groups: () => [],
  people: () => new Set(["alice@example.org"]),
};

/** The XMPP face over a house with one lamp, on a link without a stream. */
export function aFace(store = new MemoryStore()) {
  const { house, sink, dismiss } = aHouse(aDevice());
  sink.report("kitchen-lamp", { power: true });
  const link = new FakeLink();
  const face = new XmppFace({
    link,
    gateway: house,
    store,
    settings,
    self: "face",
    log: silentLog,
  });
  const presence = (type: string | undefined, from: string, to: string) =>
    link.receive(`<presence ${type === undefined ? "" : `type="${type}"`} from="${from}" to="${to}"/>`);
  return { house, sink, dismiss, link, face, store, presence };
}

/** Type, from and to of each stanza. */
export function gist(stanzas: readonly string[]): string[] {
  return stanzas.map((stanza) => {
    const attribute = (name: string) =>
      new RegExp(` ${name}="([^"]*)"`).exec(stanza.slice(0, stanza.indexOf(">")))?.[1];
    return `${attribute("type") ?? "available"} ${attribute("from")} > ${attribute("to")}`;
  });
}

export const lamp = "kitchen-lamp@iot.example.org";
export const home = "home@iot.example.org";
export const alice = "alice@example.org";
