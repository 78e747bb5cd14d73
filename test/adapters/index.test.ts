import { expect, test } from "vitest";
import { adapterKinds, loadAdapter } from "../../adapters/index.js";

test("every kind that is listed can be loaded", async () => {
  for (const kind of adapterKinds) {
    expect(await loadAdapter(kind)).toMatchObject({ create: expect.any(Function) });
  }
});

test("a kind that is not listed is undefined", async () => {
  expect(await loadAdapter("zigbee")).toBeUndefined();
  expect(await loadAdapter("__proto__")).toBeUndefined();
});
