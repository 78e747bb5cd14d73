import { expect, test } from "vitest";
import { House } from "../../src/core/house.js";
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
