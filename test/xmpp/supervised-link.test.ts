import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Link } from "../../src/xmpp/link.js";
import type { StreamOptions } from "../../src/xmpp/stream.js";
import { el } from "../../src/xmpp/xml.js";
import { type ComponentServer, startComponentServer } from "../support/component-server.js";
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

describe("receiving", () => {
  test("starts the stream anew after broken XML, saying why", async () => {
    const { told, peer } = await online();
    peer.write(`<message from='${owner}' to='${lamp}'><body>&nbsp;</body></message>`);
    expect(await peer.waitFor(/<stream:error>.*/)).toBe(
      '<stream:error><not-well-formed xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error></stream:stream>',
    );
    await (await server.accept()).login();
    await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(/^offline: /), "online", "writable"]));
  });

  test("survives an error of the stream that names none", async () => {
    const { told, peer } = await online();
    peer.write("<stream:error/>");
    await (await server.accept()).login();
    await vi.waitFor(() => expect(told).toHaveLength(3));
  });

  test("answers a request that breaks a limit once, without its payload, and reads on", async () => {
    const { told, peer } = await online();
    const deep = `${"<a>".repeat(5000)}${"</a>".repeat(5000)}`;
    peer.write(`<iq type='set' id='big' from='guest@house.test/x' to='${lamp}'>${deep}</iq>`);
    peer.write(`<iq type='result' id='big' from='guest@house.test/x' to='${lamp}'>${deep}</iq>`);
    peer.write(`<message id='big' from='guest@house.test/x' to='${lamp}'>${deep}</message>`);
    peer.write(`<presence from='${owner}' to='${lamp}'/>`);
    await vi.waitFor(() => expect(told).toEqual([`<presence from="${owner}" to="${lamp}"/>`]));
    const error = `<error type="modify"><policy-violation xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`;
    const answer = `<iq type="error" id="big" from="${lamp}" to="guest@house.test/x">${error}</iq>`;
    await peer.waitFor(/<iq type="error"/);
    const sent = peer.received.split("</handshake>")[1]?.replace(/<iq [^>]*><ping [^>]*><\/iq>/, "");
    expect(sent).toBe(answer);
  });

  test("answers thirty such requests of one domain at once, and drops the rest", async () => {
    const { told, peer } = await online();
    const many = "<a/>".repeat(300);
    for (let n = 0; n < 100; n++)
      peer.write(`<iq type='get' id='${n}' from='m${n}@evil.test/x' to='${lamp}'>${many}</iq>`);
    peer.write(`<presence from='${owner}' to='${lamp}'/>`);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    await peer.waitFor(/id="29"/);
    expect(peer.received.match(/<policy-violation/g)?.length).toBeLessThan(35);
  });

  test("goes on with the next stanza when a handler fails, at once or later", async () => {
    const { link, told, log, peer } = await online();
    link.on("stanza", () => {
      throw new Error("at once");
    });
    link.on("stanza", () => Promise.reject(new Error("later")));
    peer.write(`<presence from='${owner}' to='${lamp}'/><presence from='guest@house.test' to='${lamp}'/>`);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    await vi.waitFor(() => expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(2));
    expect(link.state).toBe("online");
  });

  test("accepts a reply only from whom was asked, and tells no handler of the others", async () => {
    const { link, told, peer } = await online();
    const result = link.request(
      el("iq", { type: "get", from: lamp, to: owner, id: "mine" }, el("q", { xmlns: "q" })),
    );
    const id = await peer.waitFor(/<iq type="get" [^>]*id="([\w-]{36})"[^>]*><q xmlns="q"\/><\/iq>/);
    peer.write(`<iq type='result' id='${id}' from='mallory@house.test/x' to='${lamp}'><forged/></iq>`);
    peer.write(`<iq type='error' id='${id}' from='mallory@house.test/x' to='${lamp}'/>`);
    peer.write(`<iq type='result' id='other' from='${owner}' to='${lamp}'/>`);
    peer.write(`<iq type='result' id='${id}' from='${owner}' to='${lamp}'><real/></iq>`);
    expect(`${(await result).children}`).toBe("<real/>");
    expect(told).toEqual([]);
  });

  test("ignores the echo of its own stanzas", async () => {
    const { told, peer } = await online();
    peer.write(`<presence from='${lamp}' to='iot.house.test'/><presence from='${owner}' to='${lamp}'/>`);
    await vi.waitFor(() => expect(told).toEqual([`<presence from="${owner}" to="${lamp}"/>`]));
  });
});

describe("sending", () => {
  test("refuses what would end the stream, counting it once a minute, and sends the rest", async () => {
    const { link, log, peer } = await online();
    const body = (text: string) => el("message", { from: lamp, to: owner }, el("body", {}, text));
    expect(link.send(body("x".repeat(600_000)))).toBe(false);
    expect(link.send(body("x".repeat(600_000)))).toBe(false);
    expect(link.send(el("message", { from: owner, to: owner }))).toBe(false);
    expect(link.send(el("message", { from: lamp }))).toBe(false);
    expect(link.send(body("a\u0001b\ud800c]]>🏡"))).toBe(true);
    await peer.waitFor(/<body>abc\]\]&gt;🏡<\/body>/);
    expect(log.lines.filter(({ level }) => level === "warn")).toHaveLength(3);
  });

  test("joins what is sent within one turn", async () => {
    const { link, peer } = await online();
    const chunks = peer.chunks;
    for (let count = 0; count < 50; count++) link.send(presence(`${count}`));
    await peer.waitFor(/>49</);
    expect(peer.chunks - chunks).toBe(1);
  });

  test("keeps at most 1 MB for a server that does not read, and goes on when it does", async () => {
    const { link, told, peer } = await online();
    peer.pause();
    const text = "x".repeat(30_000);
    let taken = 0;
    // The kernel takes some megabytes of its own.
    await vi.waitFor(
      () => {
        while (link.send(presence(`${taken}:${text}`))) taken++;
        expect(link.send(presence(text))).toBe(false);
      },
      { interval: 0 },
    );
    expect(link.isWritable).toBe(false);
    expect(link.state).toBe("online");
    peer.resume();
    await vi.waitFor(() => expect(told).toContain("writable"));
    expect(link.isWritable).toBe(true);
    await peer.waitFor(new RegExp(`>${taken - 1}:x`));
  });

  test("asks for a pause at 256 stanzas that the server has not acknowledged", async () => {
    const { link, told, peer } = await online();
    peer.reflects = false;
    let sent = 0;
    while (link.isWritable) if (link.send(presence(`${sent}`))) sent++;
    expect(sent).toBe(256);
    expect(link.send(presence("urgent"))).toBe(true);
    await peer.waitFor(/urgent/);
    expect(told).toEqual([]);
    peer.reflect();
    await vi.waitFor(() => expect(told).toEqual(["writable"]));
  });
});

describe("watching", () => {
  const timing = { pingEvery: 50, pingTimeout: 100 };

  test("has caught up when the server returns the ping that follows the handshake, anew for each stream", async () => {
    const { link, told } = aLink();
    for (const stream of [1, 2]) {
      const peer = await server.accept();
      peer.reflects = false;
      await peer.login();
      await peer.waitFor(/<ping /);
      expect(link.isCaughtUp).toBe(false);
      peer.write(`<message id='${stream}' from='${owner}' to='${lamp}'/>`);
      await vi.waitFor(() => expect(told.at(-1)).toContain(`id="${stream}"`));
      expect(link.isCaughtUp).toBe(false);
      peer.reflect();
      await vi.waitFor(() => expect(link.isCaughtUp).toBe(true));
      peer.reset();
      await vi.waitFor(() => expect(link.isCaughtUp).toBe(false));
    }
  });

  test("connects anew when the server no longer answers, though it still speaks", async () => {
    const { link, told, peer } = await online({ timing });
    peer.reflects = false;
    const pending = link.request(el("iq", { type: "get", from: lamp, to: owner }));
    const outcome = expect(pending).rejects.toMatchObject({ condition: "remote-server-timeout" });
    const chatter = setInterval(() => peer.write(`<presence from='${owner}' to='${lamp}'/>`), 10);
    await peer.closed;
    clearInterval(chatter);
    await outcome;
    expect(told.at(-1)).toBe("offline: The XMPP server fell silent.");
    await (await server.accept()).login();
    await vi.waitFor(() => expect(told.slice(-2)).toEqual(["online", "writable"]));
  });

  test("stays up as long as its pings return", async () => {
    const { told, peer } = await online({ timing });
    await peer.waitFor(/(<iq [^>]*><ping [^>]*><\/iq>[\s\S]*){8}/);
    expect(told).toEqual([]);
  });

  test("leaves nothing behind in hundreds of connections", async () => {
    const { told, log } = aLink();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    for (let count = 1; count <= 300; count++) {
      const peer = await server.accept();
      if (count % 3 === 0) await peer.login();
      else if (count % 3 === 1) await peer.header();
      peer.reset();
      await peer.closed;
    }
    await (await server.accept()).login();
    await vi.waitFor(() => expect(told.at(-1)).toBe("writable"));
    expect(timers() - before).toBeLessThan(10);
    expect(log.lines.length).toBeLessThan(300);
  });
});
