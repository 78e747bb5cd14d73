import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Roles } from "../../src/core/people.js";
import { Invitations } from "../../src/embedded/invitations.js";
import { MemoryStore } from "../support/memory-store.js";

const week = 7 * 86_400_000;

let invitations: Invitations | undefined;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  invitations?.stop();
  vi.useRealTimers();
});

function aDoor(store = new MemoryStore(), accounts = new Set(["owner"])) {
  const told: Roles[] = [];
  const door = new Invitations({
    store,
    domain: "house.test",
    hasAccount: (user) => accounts.has(user),
    request: async () => ({ uri: "xmpp:house.test?register;preauth=t0ken", expires: Date.now() + week }),
    onPeople: (people) => told.push(people),
  });
  invitations = door;
  return { door, store, accounts, told, people: () => Object.fromEntries(told.at(-1) ?? []) };
}

test("whoever is invited has a role once the account is made, and after a restart", async () => {
  const { door, store, accounts, people } = aDoor();
  expect(await door.invite("Bob", "viewer")).toEqual({
    uri: "xmpp:house.test?register;preauth=t0ken",
    jid: "bob@house.test",
    role: "viewer",
    expires: Date.now() + week,
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(people()).toEqual({});

  accounts.add("bob");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(people()).toEqual({ "bob@house.test": "viewer" });
  expect(vi.getTimerCount()).toBe(0);
  expect(aDoor(store, accounts).people()).toEqual({ "bob@house.test": "viewer" });
});

test("who came while no gateway ran is found at the start", async () => {
  const { door, store, accounts } = aDoor();
  await door.invite("bob", "resident");
  door.stop();
  accounts.add("bob");
  expect(aDoor(store, accounts).people()).toEqual({ "bob@house.test": "resident" });
});

test("an invitation that ended leaves nothing behind", async () => {
  const { door, store, accounts, people } = aDoor();
  await door.invite("bob", "resident");
  await vi.advanceTimersByTimeAsync(week + 2_000);
  accounts.add("bob");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(people()).toEqual({});
  expect(store.read("people")).toEqual({ people: [] });
  expect(vi.getTimerCount()).toBe(0);
});

test("the newest invitation of a name counts", async () => {
  const { door, accounts, people } = aDoor();
  await door.invite("bob", "admin");
  await door.invite("bob", "viewer");
  accounts.add("bob");
  door.look();
  expect(people()).toEqual({ "bob@house.test": "viewer" });
});

test.each([
  ["owner", "There is an account owner@house.test already."],
  ["bob@house.test", "cannot be an account"],
  ["../bob", "cannot be an account"],
  ["", "cannot be an account"],
])("%j is not invited", async (name, reason) => {
  const { door, store } = aDoor();
  await expect(door.invite(name, "viewer")).rejects.toMatchObject({ code: "value-invalid" });
  await expect(door.invite(name, "viewer")).rejects.toThrow(reason);
  expect(store.read("people")).toBeUndefined();
});

test.each([
  [{ people: [{ jid: "bob@house.test", role: "owner" }] }],
  [{ people: [{ jid: "bob", role: "viewer" }] }],
  [{ folk: [] }],
  [[]],
])("what was damaged lets nobody in: %j", async (document) => {
  const store = new MemoryStore();
  await store.write("people", document);
  expect(() => aDoor(store)).toThrow('The stored document "people" is damaged.');
});
