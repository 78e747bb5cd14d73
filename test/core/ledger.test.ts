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

test("long texts make older commands be forgotten sooner, newer ones stay", async () => {
  const { house } = aHouse(aDevice({ channels: { note: { value: { kind: "text" }, readable: false } } }));
  const commands: string[] = [];
  for (let count = 0; count < 70; count += 1) {
    const { command, receipt } = house.execute("alice", {
      device: "kitchen-lamp",
      channel: "note",
      value: `${count}`.padEnd(65_000),
    });
    await receipt;
    commands.push(command);
  }

  const isKept = (command: string | undefined) => house.receipt("alice", command ?? "") !== undefined;
  expect(isKept(commands[0])).toBe(false);
  // 4 MB of them.
  expect(commands.filter(isKept)).toEqual(commands.slice(-64));
});
