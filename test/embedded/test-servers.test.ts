import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { el } from "../../src/xmpp/xml.js";
import { connectClient } from "../support/client.js";
import { startMosquitto, type TestMosquitto } from "../support/mosquitto.js";
import { startProsody, type TestProsody } from "../support/prosody.js";

describe("Prosody of the tests", () => {
  let prosody: TestProsody;
  beforeAll(async () => {
    prosody = await startProsody();
  });
  afterAll(() => prosody.stop());

  test("starts without a complaint in its log", () => {
    expect(readFileSync(prosody.logFile, "utf8").match(/^(error|warn)\t.*/gm)).toBeNull();
  });

  test("lets two users talk", async () => {
    const login = { port: prosody.c2sPort, domain: prosody.domain };
    const owner = await connectClient({ ...login, user: "owner", resource: "phone" });
    const guest = await connectClient({ ...login, user: "guest" });
    expect(owner.jid).toBe("owner@house.test/phone");

    await guest.send(el("message", { to: owner.jid, type: "chat" }, el("body", {}, "hello")));
    const message = await owner.waitFor((stanza) => stanza.getChildText("body") === "hello");
    expect(message.attrs.from).toBe(guest.jid);

    const pong = await owner.iq(
      el("iq", { type: "get", to: prosody.domain }, el("ping", { xmlns: "urn:xmpp:ping" })),
    );
    expect(pong.attrs.type).toBe("result");
    await Promise.all([owner.stop(), guest.stop()]);
  });

  test("keeps its ports and data when it is killed and started again", async () => {
    const before = prosody.pid;
    await prosody.kill();
    await prosody.restart();
    expect(prosody.pid).not.toBe(before);
    const owner = await connectClient({ port: prosody.c2sPort, domain: prosody.domain, user: "owner" });
    await owner.stop();
  });

  test("offers every service of a private server", async () => {
    const owner = await connectClient({ port: prosody.c2sPort, domain: prosody.domain, user: "owner" });
    const query = el("query", { xmlns: "http://jabber.org/protocol/disco#items" });
    const items = await owner.iq(el("iq", { type: "get", to: prosody.domain }, query));
    const names = items
      .getChild("query")
      ?.getChildren("item")
      .map((item) => item.attrs.jid);
    expect(names?.sort()).toEqual(["iot", "pubsub", "rooms", "upload"].map((name) => `${name}.house.test`));
    await owner.stop();
  });
});

describe("Mosquitto of the tests", () => {
  let broker: TestMosquitto;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());

  test("carries what is published, also after it was killed", async () => {
    for (const value of ["1", "2"]) {
      const subscriber = broker.sub(["-t", "lamp/#"]);
      await subscriber.ready;
      await broker.pub(["-t", "lamp/state", "-m", value]);
      await expect.poll(() => subscriber.lines).toEqual([value]);
      await subscriber.stop();
      await broker.kill();
      await broker.restart();
    }
  });

  test("tells what is wrong with a publication", async () => {
    await expect(broker.pub(["-t", "lamp/#", "-m", "1"])).rejects.toThrow(/Invalid publish topic/);
  });
});
