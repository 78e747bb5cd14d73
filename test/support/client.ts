import { randomUUID } from "node:crypto";
import { client } from "@xmpp/client";
import { type Element, el } from "../../src/xmpp/xml.js";

/** An ordinary user, logged in by an XMPP library that is not the gateway's own stream. */
export interface TestClient {
  /** With the resource. */
  readonly jid: string;
  readonly bare: string;
  /** All stanzas that came, oldest first. */
  readonly stanzas: Element[];
  send(stanza: Element): Promise<void>;
  /** Sends a request, with an id if it has none, and resolves with its `result` or `error` as it came. */
  iq(request: Element): Promise<Element>;
  /** The first stanza that fits, one of those that came already or one to come within 10 s. */
  waitFor(predicate: (stanza: Element) => boolean, what?: string): Promise<Element>;
  stop(): Promise<void>;
}

const patience = 30_000;
const userAgent = el("user-agent", { id: "d4565fa7-4d72-4749-b3d3-740edbf87770" });
const streamManagement = "urn:xmpp:sm:3";

/** Logs in on a loopback server without TLS. Sends no presence by itself. The password is the user's name by default. */
export async function connectClient(options: {
  readonly port: number;
  readonly domain: string;
  readonly user: string;
  readonly password?: string;
  readonly resource?: string;
}): Promise<TestClient> {
  const xmpp = client({
    service: `xmpp://127.0.0.1:${options.port}`,
    domain: options.domain,
    credentials: async (authenticate, mechanisms) => {
      const { user: username, password = username } = options;
      // SCRAM is hashed in JavaScript, a second long where the server asks for thousands of rounds.
      const mechanism = mechanisms.includes("PLAIN") ? "PLAIN" : (mechanisms[0] ?? "");
      await authenticate({ username, password }, mechanism, userAgent);
    },
    ...(options.resource === undefined ? {} : { resource: options.resource }),
  });
  xmpp.reconnect.stop();
  xmpp.timeout = patience;
  let lastError: unknown;
  xmpp.on("error", (error) => {
    lastError = error;
  });
  const stanzas: Element[] = [];
  const listeners = new Set<(stanza: Element) => void>();
  xmpp.on("stanza", (stanza: Element) => {
    stanzas.push(stanza);
    for (const listener of listeners) listener(stanza);
  });
  xmpp.on("connect", () => (xmpp.socket as unknown as { setNoDelay?(on: boolean): void }).setNoDelay?.(true));
  // The library counts what comes before <enabled/> and then acknowledges too much, for which Prosody 13 closes the stream.
  let isManaged = false;
  const managed = new Promise<void>((resolve) => {
    xmpp.on("nonza", (element: Element) => {
      if (element.name === "stream:features")
        isManaged = element.getChild("sm", streamManagement) !== undefined;
      if (element.getNS() === streamManagement) resolve();
    });
  });
  const address = await xmpp.start();
  if (isManaged) await managed;

  const waitFor = (
    predicate: (stanza: Element) => boolean,
    what = "the stanza waited for",
  ): Promise<Element> => {
    const present = stanzas.find(predicate);
    if (present !== undefined) return Promise.resolve(present);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(onStanza);
        const recent = stanzas.slice(-10).map(String).join("\n");
        reject(
          new Error(`${address.bare()} did not get ${what} in ${patience} ms. Last came:\n${recent}`, {
            cause: lastError,
          }),
        );
      }, patience);
      const onStanza = (stanza: Element) => {
        if (!predicate(stanza)) return;
        clearTimeout(timer);
        listeners.delete(onStanza);
        resolve(stanza);
      };
      listeners.add(onStanza);
    });
  };

  return {
    jid: address.toString(),
    bare: address.bare().toString(),
    stanzas,
    waitFor,
    send: (stanza) => xmpp.send(stanza),
    iq: async (request) => {
      request.attrs.id ??= randomUUID();
      const id: string = request.attrs.id;
      const isReply = ({ name, attrs }: Element) =>
        name === "iq" && attrs.id === id && ["result", "error"].includes(attrs.type);
      const reply = waitFor(isReply, `the reply to ${request}`);
      await xmpp.send(request);
      return reply;
    },
    stop: async () => {
      await xmpp.stop();
    },
  };
}
