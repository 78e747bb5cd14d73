import { expect, test } from "vitest";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

test("a request with a wrong code may come again under its id with the right one", async () => {
  const { house, adapter } = aHouse(
    aDevice({ channels: { siren: { value: { kind: "switch" }, readable: false, risk: "hazard" } } }),
  );
  const request = { device: "kitchen-lamp", channel: "siren", value: true, id: "m1" };
  const { confirm = "" } = await house.execute("alice", request).receipt;
  expect(await house.execute("alice", { ...request, confirm: "0000" }).receipt).toMatchObject({
    code: "confirmation-invalid",
  });
  expect(await house.execute("alice", { ...request, confirm }).receipt).toMatchObject({ receipt: "sent" });
  // From now on it is a repeat.
  expect(await house.execute("alice", { ...request, confirm }).receipt).toMatchObject({ receipt: "sent" });
  expect(adapter.sent).toHaveLength(1);
});
