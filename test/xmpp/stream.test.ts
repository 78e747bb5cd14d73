import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Link } from "../../src/xmpp/link.js";
import { createStream, type StreamOptions } from "../../src/xmpp/stream.js";
import { el } from "../../src/xmpp/xml.js";
import { type ComponentServer, startComponentServer } from "../support/component-server.js";
import { silentLog } from "../support/silent-log.js";
import { onlineLink, toldLink } from "../support/told-link.js";

const lamp = "lamp@iot.house.test/device";
const owner = "owner@house.test";

let server: ComponentServer;
let link: Link | undefined;

beforeEach(async () => {
  server = await startComponentServer();
  // No jitter: every wait is at its shortest, and that is none.
  vi.spyOn(Math, "random").mockReturnValue(0);
});

afterEach(async () => {
  await link?.stop();
  await server.stop();
  vi.restoreAllMocks();
});

function aLink(options: Partial<StreamOptions> = {}) {
  const told = toldLink(server, options);
  link = told.link;
  return told;
}

async function online(options: Partial<StreamOptions> = {}) {
  const told = await onlineLink(server, options);
  link = told.link;
  return told;
}

const presence = (status: string) => el("presence", { from: lamp, to: owner }, el("status", {}, status));
const statesOf = ({ state, detail }: Link) => ({ state, detail });

describe("a plain text link", () => {
  test("is refused to everything but this machine, before anything is opened", () => {
    for (const host of ["xmpp.example.org", "192.168.1.2", "127.0.0.1.example.org", "::2", "0.0.0.0", ""]) {
      expect(() => aLink({ host }), host).toThrow(expect.objectContaining({ code: "config-invalid" }));
    }
    const { domain, secret } = server;
    for (const host of ["127.0.0.1", "127.8.9.1", "::1", "localhost"]) {
      expect(createStream({ domain, secret, host, port: 1, log: silentLog }).state).toBe("offline");
    }
  });
});

describe("opening", () => {
  test("shakes hands with a secret of any characters, which no log shows", async () => {
    await server.stop();
    server = await startComponentServer({ secret: "Schlüssel-🗝" });
    const { log } = await online();
    expect(JSON.stringify(log.lines)).not.toContain("Schl");
  });

  test("loses nothing that comes with the answer to the handshake, wherever the bytes are cut", async () => {
    const bytes = Buffer.from(
      `<handshake/><message from='house.test' to='iot.house.test'><privilege xmlns='urn:xmpp:privilege:2'/></message>` +
        `<message from='owner@house.test' to='${lamp}'><body>Grüße 🏡</body></message>`,
    );
    const expected = [
      "online",
      "writable",
      '<message from="house.test" to="iot.house.test"><privilege xmlns="urn:xmpp:privilege:2"/></message>',
      `<message from="owner@house.test" to="${lamp}"><body>Grüße 🏡</body></message>`,
    ];
    for (let cut = 1; cut <= bytes.length; cut++) {
      const { link, told } = aLink();
      const peer = await server.accept();
      await peer.header();
      await peer.waitFor(/<handshake>/);
      peer.write(bytes.subarray(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      peer.write(bytes.subarray(cut));
      await vi.waitFor(() => expect(told, `cut at ${cut}`).toEqual(expected), { interval: 1 });
      await link.stop();
    }
  });

  const silences = {
    "before the stream": { speak: async () => {}, missing: "open its stream" },
    "before the handshake": {
      speak: (peer: { header(): Promise<void> }) => peer.header(),
      missing: "answer the handshake",
    },
  };
  for (const [when, { speak, missing }] of Object.entries(silences)) {
    test(`tries again when the server falls silent ${when}`, async () => {
      const { link, told } = aLink({ timing: { openWithin: 100, handshakeWithin: 100 } });
      const first = await server.accept();
      await speak(first);
      await first.closed;
      expect(link.detail).toBe(`The XMPP server did not ${missing} within 0.1 s.`);
      await (await server.accept()).login();
      await vi.waitFor(() => expect(told).toEqual(["online", "writable"]));
    });
  }

  test("tries again when the server resets, ends or refuses the connection", async () => {
    const { link, told } = aLink();
    (await server.accept()).reset();
    (await server.accept()).end();
    const { port } = server;
    await server.stop();
    await vi.waitFor(() =>
      expect(statesOf(link)).toEqual({
        state: "offline",
        detail: `No XMPP server listens for components at 127.0.0.1 port ${port}.`,
      }),
    );
    server = await startComponentServer({ port });
    await (await server.accept()).login();
    await vi.waitFor(() => expect(told).toEqual(["online", "writable"]));
  });

  const refusals = {
    "not-authorized": { state: "auth-failed", says: "xmpp.secret" },
    "host-unknown": { state: "auth-failed", says: "xmpp.domain" },
    conflict: { state: "auth-failed", says: "kick_old" },
    "see-other-host": { state: "offline", says: "not followed" },
    "system-shutdown": { state: "offline", says: "system-shutdown" },
  };
  for (const [condition, { state, says }] of Object.entries(refusals)) {
    test(`reports ${condition}, and tries again at the same address`, async () => {
      const { link, told } = aLink();
      const peer = await server.accept();
      await peer.header();
      peer.write(
        `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.test:${server.port}</${condition}></stream:error></stream:stream>`,
      );
      await peer.closed;
      expect(statesOf(link)).toEqual({ state, detail: expect.stringContaining(says) });
      expect(link.detail).not.toContain(server.secret);
      await (await server.accept()).login();
      await vi.waitFor(() => expect(told).toEqual(["online", "writable"]));
    });
  }

  test("is offline and takes nothing before the handshake is answered", async () => {
    const { link } = aLink();
    const peer = await server.accept();
    await peer.header();
    await peer.waitFor(/<handshake>/);
    expect(link.send(presence("on"))).toBe(false);
    expect(link.isWritable).toBe(false);
    await expect(link.request(el("iq", { type: "get", from: lamp, to: owner }))).rejects.toMatchObject({
      type: "wait",
      condition: "resource-constraint",
    });
  });
});

describe("stopping", () => {
  test("writes out what was sent and closes the stream", async () => {
    const { link, told, peer } = await online();
    link.send(presence("last"));
    await link.stop();
    await peer.closed;
    expect(peer.received).toMatch(/last<\/status><\/presence><\/stream:stream>$/);
    expect(told).toEqual(["offline: The link was stopped."]);
    expect(server.connections).toBe(1);
    expect(link.send(presence("later"))).toBe(false);
  });

  test("does not wait for a server that neither reads nor closes", async () => {
    const { link, peer } = await online({ timing: { closeWithin: 100 } });
    peer.pause();
    while (link.send(presence("x".repeat(30_000))));
    await link.stop();
    expect(link.state).toBe("offline");
  });

  test("ends an attempt and every further one", async () => {
    const { link } = aLink();
    const peer = await server.accept();
    await link.stop();
    await peer.closed;
    await link.stop();
    expect(server.connections).toBe(1);
  });

  test("may be followed by another start", async () => {
    const { link, told } = await online();
    await link.stop();
    link.start();
    await (await server.accept()).login();
    await vi.waitFor(() => expect(told.slice(-2)).toEqual(["online", "writable"]));
  });
});
