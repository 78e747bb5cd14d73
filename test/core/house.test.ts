import { expect, test } from "vitest";
import { House } from "../../src/core/house.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { RecordingLog } from "../support/recording-log.js";

test("what an adapter throws besides its own errors is for the log, not for the person", async () => {
  const log = new RecordingLog();
  const house = new House({ epoch: 1, roleOf: () => "owner", log });
  const failure = new Error("connect to mqtt://user:password@10.0.0.7 failed");
  house.put(aDevice());
  house.carry("house", "fake", () => ({
    start: async () => {},
    stop: async () => {},
    send: () => Promise.reject(failure),
  }));
  const { receipt } = house.execute("alice", { device: "kitchen-lamp", channel: "power", value: true });
  expect(await receipt).toMatchObject({
    receipt: "failed",
    code: "adapter-failed",
    detail: 'The link "house" failed; the log of the gateway says how.',
  });
  expect(log.lines).toMatchObject([{ level: "error", fields: { err: failure, device: "kitchen-lamp" } }]);
});

test("a mistake of the core is for the log, and the sender learns only that there was one", async () => {
  const log = new RecordingLog();
  const failure = new Error("roles[principal] is undefined");
  const house = new House({
    epoch: 1,
    roleOf: () => {
      throw failure;
    },
    log,
  });
  house.put(aDevice());
  const { receipt } = house.execute("alice", { device: "kitchen-lamp", channel: "power", value: true });
  expect(await receipt).toMatchObject({
    receipt: "failed",
    code: "adapter-failed",
    detail: "The gateway made a mistake, and nothing was sent; its log says more.",
  });
  expect(log.lines).toMatchObject([{ level: "error", fields: { err: failure, device: "kitchen-lamp" } }]);
});

test("everything is told in the order of its sequence, the state before the receipt that it brings about", async () => {
  const { house, sink } = aHouse(aDevice());
  const told: [string, number][] = [];
  house.on("state", ({ states }) => {
    for (const { seq } of states.values()) told.push(["state", seq]);
  });
  house.on("availability", (_event, seq) => told.push(["availability", seq]));
  house.on("receipt", (_event, seq) => told.push(["receipt", seq]));
  house.on("device", (_event, seq) => told.push(["device", seq]));

  house.execute("alice", { device: "kitchen-lamp", channel: "power", value: true });
  sink.report("kitchen-lamp", { power: true });
  sink.link("offline");
  house.remove("kitchen-lamp");

  expect(told).toEqual([
    ["state", 2],
    ["receipt", 3],
    ["availability", 4],
    ["state", 5],
    ["availability", 6],
    ["device", 8],
  ]);
});
