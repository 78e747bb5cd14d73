import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { microseconds } from "./clock.js";
import { deviceIn } from "./house.js";

/** A change of a device that arrived, and when that was and when it was sent: microseconds of the shared clock. */
export interface Arrival {
  readonly device: number;
  readonly stamp: number;
  readonly at: number;
}

const patience = 30_000;
const stanzaEnd = /<\/(presence|message|iq)>|<(presence|message|iq)\b[^>]*\/>/g;

/**
 * The subscriber: a client that logs in and counts what arrives, and does no more than that with it, so that it costs
 * little. The same one counts for everything that is measured.
 */
export class Watcher {
  readonly #socket: Socket;
  #text = "";
  #isOnline = false;
  #ids = 0;
  readonly #replies = new Map<string, (iq: string) => void>();
  onPresence: (arrival: Arrival) => void = () => {};
  onItem: (arrival: Arrival) => void = () => {};
  onMessage: (message: { readonly device: number; readonly body: string; readonly at: number }) => void =
    () => {};
  readonly bare: string;

  private constructor(socket: Socket, bare: string) {
    this.#socket = socket;
    this.bare = bare;
  }

  static async login(server: {
    readonly host: string;
    readonly port: number;
    readonly domain: string;
    readonly user: string;
    readonly password: string;
  }): Promise<Watcher> {
    const socket = createConnection(server.port, server.host).setNoDelay(true);
    await once(socket, "connect");
    const watcher = new Watcher(socket, `${server.user}@${server.domain}`);
    socket.on("data", (bytes) => watcher.#take(bytes.toString("latin1")));
    const header = `<stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" to="${server.domain}" version="1.0">`;
    socket.write(header);
    await watcher.#until(/<\/stream:features>/);
    await watcher.#authenticate(server.user, server.password);
    socket.write(header);
    await watcher.#until(/<\/stream:features>/);
    watcher.#isOnline = true;
    await watcher.request(
      '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>watcher</resource></bind>',
    );
    socket.write("<presence/>");
    return watcher;
  }

  send(xml: string): void {
    this.#socket.write(xml);
  }

  /** Sends an IQ, and resolves with the reply, error or not. */
  request(payload: string, to?: string, type: "get" | "set" = "set"): Promise<string> {
    const id = `w${this.#ids++}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no reply to ${payload}`)), patience);
      this.#replies.set(id, (iq) => {
        clearTimeout(timer);
        resolve(iq);
      });
      this.send(`<iq type="${type}" id="${id}"${to === undefined ? "" : ` to="${to}"`}>${payload}</iq>`);
    });
  }

  /** Name and version of the server (XEP-0092). */
  async serverVersion(domain: string): Promise<string> {
    const answer = await this.request('<query xmlns="jabber:iq:version"/>', domain, "get");
    const [, name = "unknown"] = /<name>([^<]*)/.exec(answer) ?? [];
    const [, version = ""] = /<version>([^<]*)/.exec(answer) ?? [];
    return `${name} ${version}`.trim();
  }

  stop(): void {
    this.#socket.destroy();
  }

  /** SCRAM-SHA-1 (RFC 5802). */
  async #authenticate(user: string, password: string): Promise<void> {
    const ns = 'xmlns="urn:ietf:params:xml:ns:xmpp-sasl"';
    const first = `n=${user},r=${randomBytes(12).toString("hex")}`;
    this.send(`<auth ${ns} mechanism="SCRAM-SHA-1">${base64(`n,,${first}`)}</auth>`);
    const challenge = Buffer.from(await this.#until(/<challenge[^>]*>([^<]*)</), "base64").toString();
    const [, nonce = "", salt = "", rounds] = /^r=([^,]*),s=([^,]*),i=(\d+)/.exec(challenge) ?? [];
    const hmac = (key: Uint8Array, text: string) => createHmac("sha1", key).update(text).digest();
    const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(rounds), 20, "sha1");
    const key = hmac(salted, "Client Key");
    const last = `c=biws,r=${nonce}`;
    const signature = hmac(createHash("sha1").update(key).digest(), `${first},${challenge},${last}`);
    const proof = Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0))).toString("base64");
    this.send(`<response ${ns}>${base64(`${last},p=${proof}`)}</response>`);
    await this.#until(/<success[^>]*>/);
  }

  /** While logging in. */
  #until(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${pattern} did not come: ${this.#text}`)), patience);
      const look = () => {
        const match = pattern.exec(this.#text);
        if (match === null) return;
        clearTimeout(timer);
        this.#socket.off("data", look);
        this.#text = "";
        resolve(match[1] ?? match[0]);
      };
      this.#socket.on("data", look);
    });
  }

  #take(text: string): void {
    this.#text += text;
    if (!this.#isOnline) return;
    const at = microseconds();
    let start = 0;
    stanzaEnd.lastIndex = 0;
    for (let end = stanzaEnd.exec(this.#text); end !== null; end = stanzaEnd.exec(this.#text)) {
      const stanza = this.#text.slice(start, stanzaEnd.lastIndex);
      start = stanzaEnd.lastIndex;
      this.#onStanza(end[1] ?? end[2], stanza, at);
    }
    this.#text = this.#text.slice(start);
  }

  #onStanza(name: string | undefined, stanza: string, at: number): void {
    if (name === "presence") {
      const stamp = Number(/<status>(\d+)/.exec(stanza)?.[1]);
      const device = deviceIn(attribute(stanza, "from"));
      if (stamp >= 0 && device >= 0) this.onPresence({ device, stamp, at });
    } else if (name === "message") {
      const [, body] = /<body>([^<]*)/.exec(stanza) ?? [];
      if (body !== undefined) this.onMessage({ device: deviceIn(attribute(stanza, "from")), body, at });
      else this.#onEvent(stanza, at);
    } else {
      const id = attribute(stanza, "id");
      this.#replies.get(id)?.(stanza);
      this.#replies.delete(id);
    }
  }

  #onEvent(message: string, at: number): void {
    const [field = ""] = message.match(/<q\b[^>]*\bn=['"]stamp['"][^>]*>/) ?? [];
    const stamp = Number(attribute(field, "v") || Number.NaN);
    const device = deviceIn(attribute(message, "node"));
    if (stamp >= 0 && device >= 0) this.onItem({ device, stamp, at });
  }
}

/** The first attribute of that name anywhere in the text; servers differ in quotes and order. */
function attribute(xml: string, name: string): string {
  return new RegExp(`\\s${name}=['"]([^'"]*)`).exec(xml)?.[1] ?? "";
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
