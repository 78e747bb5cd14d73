import { expect, test } from "vitest";
import type { Store } from "../../src/core/store.js";
import { Subscriptions } from "../../src/xmpp/subscriptions.js";

const alice = "alice@example.org";

test("what could not be written is written with the next request, though that says nothing new", async () => {
  const written: unknown[] = [];
  let isFull = true;
  const store: Store = {
    read: () => undefined,
    write: async (_, document) => {
      if (isFull) throw new Error("disk full");
      written.push(document);
    },
  };
  const subscriptions = new Subscriptions(store);
  await expect(subscriptions.add("lamp", alice)).rejects.toThrow("disk full");
  await expect(subscriptions.add("lamp", alice)).rejects.toThrow("disk full");
  isFull = false;
  expect(await subscriptions.add("lamp", alice)).toBe(false);
  expect(written).toEqual([{ seenBy: { lamp: [alice] }, houseSees: [] }]);
  await subscriptions.add("lamp", alice);
  expect(written).toHaveLength(1);
});

test("tells whether a subscription is new", async () => {
  const subscriptions = new Subscriptions({ read: () => undefined, write: async () => {} });
  expect(await subscriptions.add("lamp", alice)).toBe(true);
  expect(await subscriptions.add("lamp", alice)).toBe(false);
});
