import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Rosters } from "../../src/xmpp/rosters.js";
import { StanzaError } from "../../src/xmpp/stanza-error.js";
import { Subscriptions } from "../../src/xmpp/subscriptions.js";
import { type Element, el } from "../../src/xmpp/xml.js";
import { aDevice } from "../support/fake-device.js";
import { FakeGateway } from "../support/fake-gateway.js";
import { FakeLink } from "../support/fake-link.js";
import { MemoryStore } from "../support/memory-store.js";
import { RecordingLog } from "../support/recording-log.js";

const alice = "alice@example.org";
const bob = "bob@example.org";

/** The rosters of a server, by user and JID, and a gateway that may keep them. */
class Server {
  readonly link = new FakeLink();
  readonly gateway = new FakeGateway([aDevice({ room: "Kitchen" })]);
  readonly log = new RecordingLog();
  readonly shown: string[] = [];
  readonly contacts = new Map<string, Map<string, Element>>();
  people = [alice];
  /** Refuses a request, if the test says so. */
  refuse: (iq: Element) => StanzaError | undefined = () => undefined;
  /** At the same time, at most. */
  widest = 0;
  #open = 0;
  readonly store: MemoryStore;
  readonly subscriptions: Subscriptions;
  readonly rosters: Rosters;

  constructor(store = new MemoryStore()) {
    this.store = store;
    this.subscriptions = new Subscriptions(store);
    this.link.answer = (iq) => this.#answer(iq);
    this.rosters = new Rosters({
      link: this.link,
      gateway: this.gateway,
      store,
      subscriptions: this.subscriptions,
      people: () => this.people,
      houseName: "Our house",
      show: (local, user) => this.shown.push(`${local} ${user}`),
      log: this.log,
    });
  }

  announce(from = "example.org"): void {
    this.link.receive(
      `<message from='${from}' to='iot.example.org'><privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='both'/></privilege></message>`,
    );
  }

  of(user: string): Map<string, Element> {
    const found = this.contacts.get(user) ?? new Map<string, Element>();
    this.contacts.set(user, found);
    return found;
  }

  /** The JIDs on the roster of a user. */
  listed(user: string): string[] {
    return [...this.of(user).keys()].sort();
  }

  async #answer(iq: Element): Promise<Element | undefined> {
    this.#open += 1;
    this.widest = Math.max(this.widest, this.#open);
    await Promise.resolve();
    this.#open -= 1;
    const refusal = this.refuse(iq);
    if (refusal !== undefined) throw refusal;
    const roster = this.of(iq.attrs.to);
    const item = iq.getChild("query")?.getChild("item");
    if (item === undefined) return el("query", { xmlns: "jabber:iq:roster" }, ...roster.values());
    if (item.attrs.subscription === "remove") roster.delete(item.attrs.jid);
    else roster.set(item.attrs.jid, item);
    return undefined;
  }
}

const lamp = "kitchen-lamp@iot.example.org";
const home = "home@iot.example.org";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
/** Time for what is under way, and no more. */
const settle = () => vi.advanceTimersByTimeAsync(0);

test("nothing is asked of a server that announced nothing, and whoever says add hears so", async () => {
  const server = new Server();
  server.gateway.setDevice(aDevice({ id: "porch" }));
  server.announce("other.example");
  await settle();
  expect(server.link.sent).toEqual([]);
  expect(await server.rosters.add(alice, ["kitchen-lamp"])).toBe("unable");
});

test("the roster is read, then set item by item, and each is shown and subscribed to", async () => {
  const server = new Server();
  server.announce();
  await settle();
  const iq = (type: string, child: string) =>
    `<iq type="${type}" from="iot.example.org" to="${alice}"><query xmlns="jabber:iq:roster"${child}</iq>`;
  expect(server.link.take()).toEqual([
    iq("get", "/>"),
    iq("set", `><item jid="${home}" name="Our house" subscription="both"/></query>`),
    `<presence type="probe" from="${home}" to="${alice}"/>`,
    iq(
      "set",
      `><item jid="${lamp}" name="Kitchen lamp" subscription="to"><group>Kitchen</group></item></query>`,
    ),
  ]);
  expect(server.shown).toEqual([`home ${alice}`, `kitchen-lamp ${alice}`]);
  expect(server.store.read("subscriptions")).toEqual({
    seenBy: { home: [alice], "kitchen-lamp": [alice] },
    houseSees: [alice],
  });
});

test("after a restart nothing is changed and nothing is told again", async () => {
  const before = new Server();
  before.announce();
  await settle();
  const server = new Server(before.store);
  server.contacts.set(alice, before.of(alice));
  server.announce();
  await settle();
  server.gateway.setDevice(aDevice({ room: "Kitchen" }));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.link.take()).toHaveLength(1);
  expect(server.shown).toEqual([]);
});

test("who took a device off, or ended to see it, while the gateway was away is told nothing of it any more", async () => {
  const before = new Server();
  before.gateway.setDevice(aDevice({ id: "porch" }));
  before.announce();
  await settle();
  const contacts = before.of(alice);
  contacts.delete(lamp);
  contacts.set("porch@iot.example.org", el("item", { jid: "porch@iot.example.org", subscription: "none" }));
  const asked = { jid: "cellar@iot.example.org", subscription: "none", ask: "subscribe" };
  contacts.set("cellar@iot.example.org", el("item", asked));
  await before.subscriptions.add("cellar", alice);
  await before.subscriptions.add("", alice);

  const server = new Server(before.store);
  server.gateway.setDevice(aDevice({ id: "porch" }));
  server.gateway.setDevice(aDevice({ id: "cellar" }));
  server.contacts.set(alice, contacts);
  server.announce();
  await settle();
  expect([...server.subscriptions.locals()].sort()).toEqual(["", "cellar", "home"]);
  expect(server.store.read("subscriptions")).toMatchObject({ seenBy: { home: [alice] } });
  expect(server.listed(alice)).not.toContain(lamp);
});

test("whoever is on a roster sees the device, though the gateway lost what it knew", async () => {
  const before = new Server();
  before.announce();
  await settle();
  const server = new Server();
  server.contacts.set(alice, before.of(alice));
  server.announce();
  await settle();
  expect(server.shown).toEqual([`home ${alice}`, `kitchen-lamp ${alice}`]);
  expect(server.listed(alice)).toEqual([home, lamp]);
  server.gateway.removeDevice("kitchen-lamp");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.listed(alice)).toEqual([home]);
  expect(server.subscriptions.isSeenBy("kitchen-lamp", alice)).toBe(false);
});

test("a roster that lost every contact is left alone until its owner says add", async () => {
  const server = new Server();
  server.announce();
  await settle();
  server.of(alice).clear();
  server.gateway.setDevice(aDevice({ id: "porch", label: "Porch" }));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.listed(alice)).toEqual([]);
  expect(server.log.lines).toContainEqual(
    expect.objectContaining({ level: "warn", message: expect.stringContaining("roster is empty") }),
  );
  const welcome = server.rosters.add(alice, ["porch"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await welcome).toContain("porch");
  expect(server.listed(alice)).toEqual(["porch@iot.example.org"]);
});

describe("a server that refuses", () => {
  test.each([
    [
      "announces it and fails at every change, as ejabberd before 23.10",
      "wait",
      "internal-server-error",
      "set",
    ],
    ["forbids to read", "auth", "forbidden", "get"],
  ])("and %s is left alone until the next link", async (_, type, condition, refused) => {
    const server = new Server();
    server.people = [alice, bob];
    server.refuse = (iq) => (iq.attrs.type === refused ? new StanzaError(type, condition) : undefined);
    server.announce();
    await settle();
    server.link.take();
    server.gateway.setDevice(aDevice({ id: "porch" }));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.link.take()).toEqual([]);
    expect(server.log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
    expect(await server.rosters.add(alice, ["kitchen-lamp"])).toBe("unable");
    expect(server.subscriptions.locals()).toEqual([]);

    server.link.emit("offline", "gone");
    server.refuse = () => undefined;
    server.announce();
    await settle();
    expect(server.listed(bob)).toHaveLength(3);
  });

  test("one account is asked again in a minute, and the others are looked after", async () => {
    const server = new Server();
    server.people = [alice, bob];
    server.refuse = (iq) =>
      iq.attrs.to === alice ? new StanzaError("cancel", "service-unavailable") : undefined;
    server.announce();
    await settle();
    expect(server.listed(bob)).toEqual([home, lamp]);
    expect(server.log.lines).toContainEqual(
      expect.objectContaining({ level: "warn", fields: { user: alice, reason: "service-unavailable" } }),
    );
    server.refuse = () => undefined;
    await vi.advanceTimersByTimeAsync(59_000);
    expect(server.listed(alice)).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.listed(alice)).toEqual([home, lamp]);
  });

  test("an account that is not there is in the log once, and on the disk never", async () => {
    const server = new Server();
    server.refuse = (iq) =>
      iq.attrs.type === "set" ? new StanzaError("cancel", "service-unavailable") : undefined;
    server.announce();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.link.take().filter((stanza) => stanza.includes('type="set"'))).toHaveLength(11);
    expect(server.log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
    expect([server.subscriptions.locals(), server.store.read("rosters")]).toEqual([[], undefined]);
  });
});

describe("a large house", () => {
  function aLargeServer(): Server {
    const server = new Server();
    server.people = Array.from({ length: 10 }, (_, number) => `person-${number}@example.org`);
    for (let number = 1; number < 250; number += 1)
      server.gateway.setDevice(aDevice({ id: `lamp-${number}` }));
    return server;
  }

  test("comes to everybody, a hundred changes a second for each and two people at a time", async () => {
    const server = aLargeServer();
    server.announce();
    await vi.advanceTimersByTimeAsync(999);
    for (const user of server.people) expect(server.listed(user)).toHaveLength(100);
    await vi.advanceTimersByTimeAsync(2_000);
    for (const user of server.people) expect(server.listed(user)).toHaveLength(251);
    expect(server.widest).toBe(2);
    const reads = server.link.take().filter((stanza) => stanza.includes('type="get"'));
    expect(reads).toHaveLength(10 * 3);
  });

  test("waits while the link is busy, and goes on where it was", async () => {
    const server = aLargeServer();
    let left = 150;
    server.refuse = () => {
      left -= 1;
      if (left === 0) server.link.isWritable = false;
      return undefined;
    };
    server.announce();
    await vi.advanceTimersByTimeAsync(5_000);
    // Those under way are answered.
    expect(server.link.sent.length).toBeLessThan(150 + 10);
    server.link.isWritable = true;
    server.link.emit("writable");
    await vi.advanceTimersByTimeAsync(5_000);
    for (const user of server.people) expect(server.listed(user)).toHaveLength(251);
  });

  test("a hundred devices that change at once are one look at each roster", async () => {
    const server = aLargeServer();
    server.announce();
    await vi.advanceTimersByTimeAsync(5_000);
    server.link.take();
    for (let number = 1; number < 100; number += 1)
      server.gateway.setDevice(aDevice({ id: `lamp-${number}`, label: `Lamp ${number}` }));
    await settle();
    const sent = server.link.take();
    expect(sent.filter((stanza) => stanza.includes('type="get"'))).toHaveLength(10);
    expect(sent.filter((stanza) => stanza.includes('type="set"'))).toHaveLength(10 * 99);
  });
});

test("who loses the right while devices come onto their roster gets no more of them", async () => {
  const server = new Server();
  server.gateway.setDevice(aDevice({ id: "porch", label: "Porch" }));
  server.refuse = (iq) => {
    if (iq.toString().includes(home)) {
      server.gateway.allows = () => false;
      server.gateway.changeAccess(alice);
    }
    return undefined;
  };
  server.announce();
  await settle();
  expect(server.listed(alice)).toEqual([home]);
  server.refuse = () => undefined;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.listed(alice)).toEqual([]);
  expect(server.subscriptions.locals()).toEqual([]);
});

test("the house does not ask for the presence of whoever lost the right while their roster was read", async () => {
  const server = new Server();
  server.of(alice).set(home, el("item", { jid: home, name: "Our house", subscription: "both" }));
  server.refuse = () => {
    server.gateway.allows = () => false;
    return undefined;
  };
  server.announce();
  await settle();
  expect(server.link.sent.filter((stanza) => stanza.startsWith("<presence"))).toEqual([]);
  expect(server.subscriptions.houseSees()).toEqual(new Set());
});

test("a server that changes its mind all the time fills no log", async () => {
  const server = new Server();
  for (let turn = 0; turn < 50; turn += 1) {
    server.link.receive(
      "<message from='example.org' to='iot.example.org'><privilege xmlns='urn:xmpp:privilege:2'/></message>",
    );
    server.announce();
  }
  await settle();
  expect(server.log.lines.filter(({ level }) => level === "info")).toHaveLength(1);
});

test("after a stop nothing is asked any more, and who waits is told", async () => {
  const server = new Server();
  server.announce();
  await settle();
  server.link.take();
  const wish = server.rosters.add(alice, ["kitchen-lamp"]);
  server.rosters.stop();
  expect(await wish).toBe("failed");
  server.gateway.setDevice(aDevice({ id: "porch" }));
  await vi.advanceTimersByTimeAsync(120_000);
  expect(server.link.take()).toEqual([]);
});
