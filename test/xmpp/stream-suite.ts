import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { pipeline } from "node:stream";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Link } from "../../src/xmpp/link.js";
import { createStream } from "../../src/xmpp/stream.js";
import { el } from "../../src/xmpp/xml.js";
import { connectClient } from "../support/client.js";
import { silentLog } from "../support/silent-log.js";
import type { TestXmppServer } from "../support/xmpp-server.js";

const timing = { openWithin: 500, handshakeWithin: 500, pingEvery: 200, pingTimeout: 400 };

/** What the link owes on every XMPP server. */
export function streamSuite(start: () => Promise<TestXmppServer>): void {
  let server: TestXmppServer;
  let link: Link | undefined;

  beforeAll(async () => {
    server = await start();
  });

  afterAll(() => server.stop());

  afterEach(() => link?.stop());

  /** A link to the server, and how often it went up and down. */
  async function aLink(
    options: {
      readonly secret?: string;
      readonly domain?: string;
      readonly port?: number;
      readonly timing?: typeof timing;
    } = {},
  ) {
    const { component: domain, host, port, secret } = server;
    const created = createStream({ domain, host, port, secret, log: silentLog, timing, ...options });
    const told: string[] = [];
    created.on("online", () => told.push("online"));
    created.on("offline", () => told.push("offline"));
    link = created;
    created.start();
    return { link: created, told };
  }

  const isOnline = (link: Link, within = 10_000) =>
    expect.poll(() => link.state, { timeout: within, interval: 20 }).toBe("online");
  const pingServer = (link: Link) =>
    link.request(
      el(
        "iq",
        { type: "get", from: server.component, to: server.domain },
        el("ping", { xmlns: "urn:xmpp:ping" }),
      ),
    );
  // Not kept for users who are away.
  const message = (body: string) =>
    el(
      "message",
      { from: `lamp@${server.component}/device`, to: `owner@${server.domain}`, type: "headline" },
      el("body", {}, body),
    );

  test("stays up on its own pings, which acknowledge thousands of stanzas", async () => {
    // A busy server takes its time for so many.
    const { link, told } = await aLink({ timing: { ...timing, pingTimeout: 10_000 } });
    await isOnline(link);
    let sent = 0;
    const send = () => {
      while (sent < 5000 && link.isWritable) if (link.send(message(`${sent}`))) sent++;
    };
    link.on("writable", send);
    send();
    await expect.poll(() => sent, { timeout: 10_000 }).toBe(5000);
    expect((await pingServer(link)).attrs.type).toBe("result");
    expect(told).toEqual(["online"]);
  });

  test("a request gets through behind a tag that needs several reads", async () => {
    const { link, told } = await aLink();
    await isOnline(link);
    for (const length of [9_000, 60_000, 150_000]) {
      const long = message("behind a long tag");
      long.attrs.note = "x".repeat(length);
      expect(link.send(long)).toBe(true);
      expect((await pingServer(link)).attrs.type).toBe("result");
    }
    expect(told).toEqual(["online"]);
  });

  test("says which of domain and secret the server does not accept", async () => {
    const wrongSecret = await aLink({ secret: "wrong" });
    await expect.poll(() => wrongSecret.link.state).toBe("auth-failed");
    expect(wrongSecret.link.detail).toContain("xmpp.secret");
    await wrongSecret.link.stop();
    const wrongDomain = await aLink({ domain: "other.house.test" });
    await expect.poll(() => wrongDomain.link.state).toBe("auth-failed");
    expect(wrongDomain.link.detail).toContain("xmpp.domain");
  });

  test("what no server takes does not end the stream, and what is clean arrives", async () => {
    const { link, told } = await aLink();
    const owner = await connectClient({ port: server.c2sPort, domain: server.domain, user: "owner" });
    try {
      await isOnline(link);
      await owner.send(el("presence", {}));
      await expect.poll(() => owner.stanzas.some(({ name }) => name === "presence")).toBe(true);
      expect(link.send(message("x".repeat(600_000)))).toBe(false);
      expect(link.send(message("clean: a\u0001b\ud800c]]>🏡"))).toBe(true);
      const isClean = (text: string | null) => text?.startsWith("clean") === true;
      const received = await owner.waitFor((stanza) => isClean(stanza.getChildText("body")));
      expect(received.getChildText("body")).toBe("clean: abc]]>🏡");
      expect(told).toEqual(["online"]);
    } finally {
      await owner.stop();
    }
  });

  test("reads over elements nested 5,000 deep from an ordinary user", async () => {
    const { link, told } = await aLink();
    const mallory = await connectClient({ port: server.c2sPort, domain: server.domain, user: "mallory" });
    try {
      await isOnline(link);
      const deep = `${"<a>".repeat(5000)}${"</a>".repeat(5000)}`;
      const request = el("iq", { type: "set", id: "deep", to: `lamp@${server.component}` });
      // Printing such a tree overflows the stack of the client as well.
      request.toString = () => `<iq type="set" id="deep" to="${request.attrs.to}">${deep}</iq>`;
      await mallory.send(request);
      const reply = await mallory.waitFor(({ attrs }) => attrs.id === "deep");
      expect(`${reply.getChild("error")?.children}`).toContain("policy-violation");
      expect((await pingServer(link)).attrs.type).toBe("result");
      expect(told).toEqual(["online"]);
    } finally {
      await mallory.stop();
    }
  });

  test("a result forged by somebody else answers nothing, though it has the right id", async () => {
    const tap = await tapped(server);
    const { link } = await aLink({ port: tap.port });
    const mallory = await connectClient({ port: server.c2sPort, domain: server.domain, user: "mallory" });
    try {
      await isOnline(link);
      const outcomes: unknown[] = [];
      // An address of ours that nobody serves: it never answers.
      const lamp = `lamp@${server.component}`;
      const over = link
        .request(el("iq", { type: "get", from: server.component, to: lamp }, el("who", {})))
        .then((reply) => outcomes.push(reply))
        .catch((error) => outcomes.push(error.condition));
      const id = await vi.waitUntil(() => tap.idOf("<who/>"));
      const read = new Promise<void>((resolve) => link.on("stanza", () => resolve()));
      await mallory.send(el("iq", { type: "result", id, to: server.component }, el("who", {}, "me")));
      await mallory.send(el("message", { to: lamp }, el("body", {}, "That was it.")));
      await read;
      expect(outcomes).toEqual([]);
      await link.stop();
      await over;
      expect(outcomes).toEqual(["remote-server-timeout"]);
    } finally {
      await mallory.stop();
      tap.stop();
    }
  });

  test("is back within 10 s after the server was killed and started again", async () => {
    const { link, told } = await aLink();
    await isOnline(link);
    await server.kill();
    await expect.poll(() => told).toEqual(["online", "offline"]);
    await server.restart();
    await isOnline(link);
    expect((await pingServer(link)).attrs.type).toBe("result");
  });

  test("notices a server that was stopped, and is back within 10 s after it goes on", async () => {
    const { link, told } = await aLink();
    await isOnline(link);
    server.signal("SIGSTOP");
    try {
      await expect.poll(() => told, { timeout: 5000 }).toEqual(["online", "offline"]);
      // Long enough for attempts that the kernel accepts and nobody answers.
      await expect.poll(() => link.detail, { timeout: 5000 }).toContain("did not open its stream");
    } finally {
      server.signal("SIGCONT");
    }
    await isOnline(link);
    expect((await pingServer(link)).attrs.type).toBe("result");
  });
}

/** A door to the component port at which one can listen to what the gateway writes. */
async function tapped({ host, port }: TestXmppServer) {
  let written = "";
  const door = createServer((inside) => {
    const outside = connect(port, host);
    inside.on("data", (bytes) => {
      written += bytes;
    });
    pipeline(inside, outside, () => {});
    pipeline(outside, inside, () => {});
  });
  door.listen(0, host);
  await once(door, "listening");
  return {
    port: (door.address() as AddressInfo).port,
    /** The id of the stanza whose first child this is. */
    idOf: (child: string) => new RegExp(`<iq [^>]*id="([^"]+)"[^>]*>${child}`).exec(written)?.[1],
    stop: () => door.close(),
  };
}
