import { expect, test } from "vitest";
import { nextEpoch } from "../../src/storage/epoch.js";
import { MemoryStore } from "../support/memory-store.js";

test("epochs begin with 1 and grow at every start", async () => {
  const store = new MemoryStore();

  expect(await nextEpoch(store)).toBe(1);
  expect(await nextEpoch(store)).toBe(2);
});

test("an epoch that could not be stored is not used", async () => {
  const store = new MemoryStore();
  store.write = () => Promise.reject(new Error("the disk is full"));

  await expect(nextEpoch(store)).rejects.toThrow("the disk is full");
});

test.each([[null], [{}], [{ epoch: "7" }], [{ epoch: 1.5 }], [{ epoch: -1 }]])(
  "a stored %j is refused, for a smaller epoch would follow a larger one",
  async (document) => {
    const store = new MemoryStore();
    await store.write("epoch", document);

    await expect(nextEpoch(store)).rejects.toMatchObject({ code: "config-invalid" });
  },
);
