import { afterAll, beforeAll, expect, test } from "vitest";
import type { Link } from "../../src/xmpp/link.js";
import { Pubsub } from "../../src/xmpp/pubsub.js";
import { PubsubService } from "../../src/xmpp/pubsub-node.js";
import { createStream } from "../../src/xmpp/stream.js";
import { el } from "../../src/xmpp/xml.js";
import { aHouse } from "../support/a-house.js";
import { connectClient, type TestClient } from "../support/client.js";
import { startEjabberd, type TestEjabberd } from "../support/ejabberd.js";
import { aDevice } from "../support/fake-device.js";
import { MemoryStore } from "../support/memory-store.js";
import { RecordingLog } from "../support/recording-log.js";
import { silentLog } from "../support/silent-log.js";

const ns = "http://jabber.org/protocol/pubsub";

let server: TestEjabberd;
let link: Link;
let mallory: TestClient;

beforeAll(async () => {
  server = await startEjabberd();
  const { component: domain, host, port, secret } = server;
  link = createStream({ domain, host, port, secret, log: silentLog });
  mallory = await connectClient({ port: server.c2sPort, domain: server.domain, user: "mallory" });
  await mallory.send(el("presence", {}));
});

afterAll(async () => {
  await Promise.all([link?.stop(), mallory?.stop()]);
  await server.stop();
});

// On Prosody only the administrators of the service make nodes.
test("a node that a user made first is reported and never published to, and the others are", async () => {
  const taken = `${server.component}/kitchen-lamp`;
  const ask = (wish: ReturnType<typeof el>) =>
    mallory.iq(el("iq", { type: "set", to: server.pubsub }, el("pubsub", { xmlns: ns }, wish)));
  for (const wish of [el("create", { node: taken }), el("subscribe", { node: taken, jid: mallory.bare })])
    expect((await ask(wish)).attrs.type).toBe("result");

  const { house, sink } = aHouse(aDevice(), aDevice({ id: "hall-lamp", label: "Hall lamp" }));
  const log = new RecordingLog();
  const service = new PubsubService(link, server.pubsub);
  const pubsub = new Pubsub({
    link,
    service,
    store: new MemoryStore(),
    log,
    view: (id) => house.device("face", id),
    nameOf: (id) => `${server.component}/${id}`,
    members: () => new Set([mallory.bare]),
    epoch: 1,
    every: 0,
  });
  link.on("online", () => pubsub.publishAll(["kitchen-lamp", "hall-lamp"]));
  for (const lamp of ["kitchen-lamp", "hall-lamp"]) sink.report(lamp, { power: true });
  link.start();

  await expect
    .poll(() => log.lines.filter(({ level }) => level === "error"))
    .toMatchObject([{ message: expect.stringContaining("belongs to someone else") }]);
  const node = `${server.component}/hall-lamp`;
  await expect
    .poll(async () => (await ask(el("subscribe", { node, jid: mallory.bare }))).attrs.type)
    .toBe("result");
  const item = await mallory.waitFor(
    (stanza) => stanza.getChild("event") !== undefined,
    "the item of the other lamp",
  );
  expect(item.getChild("event")?.getChild("items")?.attrs.node).toBe(node);
  sink.report("kitchen-lamp", { power: false });
  pubsub.publish("kitchen-lamp");
  sink.report("hall-lamp", { power: false });
  pubsub.publish("hall-lamp");
  await mallory.waitFor((stanza) => `${stanza}`.includes('v="false"'), "the later item of the other lamp");
  expect(mallory.stanzas.filter((stanza) => `${stanza.getChild("event") ?? ""}`.includes(taken))).toEqual([]);
  pubsub.stop();
});
