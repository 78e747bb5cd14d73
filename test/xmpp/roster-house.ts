import type { Role } from "../../src/core/access.js";
import { House } from "../../src/core/house.js";
import { machineLocale } from "../../src/core/locale.js";
import { XmppFace } from "../../src/xmpp/component.js";
import { createStream } from "../../src/xmpp/stream.js";
import { aDevice } from "../support/fake-device.js";
import { MemoryStore } from "../support/memory-store.js";
import { RecordingLog } from "../support/recording-log.js";
import { silentLog } from "../support/silent-log.js";
import type { SlixmppOwner } from "../support/slixmpp.js";
import type { TestXmppServer } from "../support/xmpp-server.js";

/** A lamp and a door behind the XMPP face on a real server, for the people in `roles`. */
export class RosterHouse {
  readonly log = new RecordingLog();
  readonly roles = new Map<string, Role>([["owner@house.test", "owner"]]);
  readonly house = new House({
    epoch: 1,
    roleOf: (principal) => (principal === "face" ? "viewer" : this.roles.get(principal)),
    log: silentLog,
  });
  readonly #server: TestXmppServer;
  readonly #store = new MemoryStore();
  #face: XmppFace | undefined;

  constructor(server: TestXmppServer) {
    this.#server = server;
    this.house.put(aDevice({ room: "Kitchen" }));
    this.house.put(aDevice({ id: "front-door", label: "Front door", room: "Hall" }));
  }

  /** After a stop it remembers what it did. */
  start(): void {
    const { component, host, port, secret, domain } = this.#server;
    const isOwnService = (other: string) => other === domain;
    this.#face = new XmppFace({
      link: createStream({ domain: component, host, port, secret, isOwnService, log: silentLog }),
      gateway: this.house,
      store: this.#store,
      self: "face",
      settings: {
        houseName: "Our house",
        locale: machineLocale,
        version: "1.2.3",
        pubsub: undefined,
        pubsubNames: "plain",
        presenceEvery: 0,
        publishEvery: 0,
        groups: () => [],
        people: () => new Set(this.roles.keys()),
      },
      log: this.log,
    });
    this.#face.start();
  }

  async stop(): Promise<void> {
    await this.#face?.stop();
  }
}

/** What `home@` answers. */
export async function ask(client: SlixmppOwner, body: string): Promise<string> {
  const home = "home@iot.house.test";
  client.do({ do: "say", jid: home, body });
  const answer = await client.hear(
    `an answer to ${body}`,
    ({ got, sender }) => got === "message" && sender === home,
  );
  return String(answer.body);
}

/** The next presence of an address of ours, gone or there. */
export function presence(client: SlixmppOwner, jid: string, isThere = true) {
  return client.hear(`presence of ${jid}`, ({ got, sender, resource, type }) => {
    const isFromUs = got === "presence" && sender === jid && resource === "device";
    return isFromUs && isThere === (type !== "unavailable");
  });
}
