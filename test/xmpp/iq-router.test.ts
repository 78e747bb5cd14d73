import { expect, test, vi } from "vitest";
import { machineLocale } from "../../src/core/locale.js";
import { verificationString } from "../../src/xmpp/caps.js";
import { XmppFace } from "../../src/xmpp/component.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { FakeLink } from "../support/fake-link.js";
import { MemoryStore } from "../support/memory-store.js";
import { silentLog } from "../support/silent-log.js";

function aFace(devices = [aDevice(), aDevice({ id: "weather", label: "Weather" })]) {
  const { house } = aHouse(...devices);
  const link = new FakeLink();
  const settings = {
    houseName: "Our house",
    locale: { ...machineLocale, timeZone: "Asia/Kolkata" },
    version: "1.2.3",
    pubsub: "pubsub.example.org",
    pubsubNames: "plain" as const,
    presenceEvery: 0,
    publishEvery: 0,
    groups: () => [],
    people: () => new Set<string>(),
  };
  new XmppFace({ link, gateway: house, store: new MemoryStore(), settings, self: "face", log: silentLog });
  const ask = async (to: string, child: string, from = "alice@example.org/pc", type = "get") => {
    link.receive(`<iq type="${type}" id="q1" from="${from}" to="${to}">${child}</iq>`);
    await vi.waitFor(() => expect(link.sent).toHaveLength(1));
    return link.take()[0] ?? "";
  };
  return { link, ask };
}

const domain = "iot.example.org";
const lamp = `kitchen-lamp@${domain}`;
const info = (node = "") => `<query xmlns="http://jabber.org/protocol/disco#info"${node}/>`;
const items = (set = "") => `<query xmlns="http://jabber.org/protocol/disco#items">${set}</query>`;
const ping = '<ping xmlns="urn:xmpp:ping"/>';
const refusal = (to: string, from: string) =>
  `<iq type="error" id="q1" from="${to}" to="${from}"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`;

test("the domain is a gateway, with the house and its devices as items", async () => {
  const { ask } = aFace();
  expect(await ask(domain, info())).toContain('<identity category="gateway" type="iot" name="Our house"/>');
  expect(await ask(domain, items())).toBe(
    `<iq type="result" id="q1" from="${domain}" to="alice@example.org/pc"><query xmlns="http://jabber.org/protocol/disco#items">` +
      `<item jid="home@${domain}" name="Our house"/><item jid="${lamp}" name="Kitchen lamp"/>` +
      `<item jid="weather@${domain}" name="Weather"/></query></iq>`,
  );
});

test("a device is a bot with its label, and names its node", async () => {
  const { ask } = aFace();
  for (const to of [lamp, `${lamp}/device`, `${lamp}/anything`]) {
    expect(await ask(to, info())).toContain('<identity category="client" type="bot" name="Kitchen lamp"/>');
  }
  expect(await ask(lamp, items())).toContain(
    `<item jid="pubsub.example.org" node="${domain}/kitchen-lamp" name="Kitchen lamp"/>`,
  );
});

test("the caps hash is that of the answer to its node", async () => {
  const { ask } = aFace();
  const answer = await ask(lamp, info());
  const features = [...answer.matchAll(/<feature var="([^"]+)"/g)].map(([, name]) => name ?? "");
  const ver = verificationString([{ category: "client", type: "bot" }], features);
  const byNode = await ask(lamp, info(` node="urn:homeroster:gateway#${ver}"`));
  expect(byNode).toContain('<identity category="client" type="bot"/>');
  expect([...byNode.matchAll(/<feature var="([^"]+)"/g)].map(([, name]) => name ?? "")).toEqual(features);
  expect(await ask(lamp, info(' node="other"'))).toContain("<item-not-found");
});

test("the example of XEP-0115 §5.2 has the hash printed there", () => {
  const features = ["caps", "disco#info", "disco#items", "muc"].map(
    (name) => `http://jabber.org/protocol/${name}`,
  );
  expect(verificationString([{ category: "client", type: "pc", name: "Exodus 0.9.1" }], features)).toBe(
    "QgayPKawpkPSDYmwT/WM94uAlu0=",
  );
});

test("long lists come in pages", async () => {
  const { ask } = aFace(
    Array.from({ length: 5 }, (_, index) => aDevice({ id: `d${index}`, label: `D${index}` })),
  );
  const set = (after: string) => `<set xmlns="http://jabber.org/protocol/rsm"><max>2</max>${after}</set>`;
  const first = await ask(domain, items(set("")));
  expect(first).toContain('<first index="0">');
  expect(first).toContain(`<last>d0@${domain}</last><count>6</count>`);
  const second = await ask(domain, items(set(`<after>d0@${domain}</after>`)));
  expect([...second.matchAll(/<item jid="([^@]+)/g)].map(([, id]) => id)).toEqual(["d1", "d2"]);
  // Beginning anew would keep the asker in a circle (XEP-0059 §2.3).
  expect(await ask(domain, items(set(`<after>gone@${domain}</after>`)))).toContain("<item-not-found");
  expect(await ask(domain, info())).toContain('<feature var="http://jabber.org/protocol/rsm"/>');
});

test("answers ping, version and time at every address", async () => {
  const { ask } = aFace();
  for (const to of [domain, lamp, `home@${domain}/x`]) {
    expect(await ask(to, ping)).toBe(`<iq type="result" id="q1" from="${to}" to="alice@example.org/pc"/>`);
    expect(await ask(to, '<query xmlns="jabber:iq:version"/>')).toContain(
      "<name>Homeroster</name><version>1.2.3</version>",
    );
    expect(await ask(to, '<time xmlns="urn:xmpp:time"/>')).toContain("<tzo>+05:30</tzo>");
  }
});

test("what is not served is refused, to a device that is not there as to a request unknown", async () => {
  const { ask } = aFace();
  const alice = "alice@example.org/pc";
  expect(await ask(lamp, '<query xmlns="jabber:iq:roster"/>')).toBe(refusal(lamp, alice));
  expect(await ask(`cellar@${domain}`, ping)).toBe(refusal(`cellar@${domain}`, alice));
  expect(await ask(lamp, ping, alice, "set")).toBe(refusal(lamp, alice));
});

test("a stranger may ask the domain who it is and whether it is there, and nothing else", async () => {
  const { ask } = aFace();
  const mallory = "mallory@evil.example/x";
  expect(await ask(domain, ping, mallory)).toContain('type="result"');
  expect(await ask(domain, info(), mallory)).toContain("gateway");
  for (const to of [lamp, `cellar@${domain}`, `home@${domain}`]) {
    for (const child of [ping, info(), items(), '<query xmlns="jabber:iq:version"/>', "", ping + ping]) {
      expect(await ask(to, child, mallory)).toBe(refusal(to, mallory));
    }
  }
  expect(await ask(domain, items(), mallory)).toBe(refusal(domain, mallory));
});

test("results and errors are never answered, nor anything from our own domain", async () => {
  const { link, ask } = aFace();
  link.receive(`<iq type="result" id="q1" from="alice@example.org" to="${lamp}"/>`);
  link.receive(`<iq type="error" id="q1" from="alice@example.org" to="${lamp}"/>`);
  link.receive(`<iq type="get" id="q1" from="weather@${domain}" to="${lamp}">${ping}</iq>`);
  expect(await ask(lamp, ping)).toContain('id="q1"');
});

test("a stranger's flood is cut to its budget", async () => {
  const { link } = aFace();
  for (let index = 0; index < 100; index += 1) {
    link.receive(`<iq type="get" id="f${index}" from="mallory@evil.example" to="${lamp}">${ping}</iq>`);
  }
  await vi.waitFor(() => expect(link.sent).toHaveLength(30));
});
