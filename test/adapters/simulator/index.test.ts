import { expect, test } from "vitest";
import simulator from "../../../adapters/simulator/index.js";
import { closedDoor } from "../../support/closed-door.js";
import { silentLog } from "../../support/silent-log.js";
import { RecordingSink } from "./simulated-house.js";

const context = { name: "house", devices: [], sink: new RecordingSink(), hooks: closedDoor, log: silentLog };

test("it needs no settings", () => {
  expect(simulator.checkSettings({})).toEqual([]);
  expect(simulator.checkSettings({ seed: 7 })).toEqual([]);
});

test.each([
  [{ sead: 7 }, { message: expect.stringContaining('unknown key "sead"') }],
  [{ seed: "seven" }, { path: ["seed"], message: "is no whole number" }],
])("%j is a mistake in both the check and the making", (settings, problem) => {
  expect(simulator.checkSettings(settings)).toMatchObject([problem]);
  expect(() => simulator.create(settings, context)).toThrow(
    expect.objectContaining({ code: "config-invalid" }),
  );
});

test("a configured device cannot live in the simulated house", () => {
  expect(simulator.checkDevice({ address: undefined, channels: {} })).toEqual({
    problems: [{ path: ["adapter"], message: expect.stringContaining("name another adapter") }],
    access: {},
  });
});

test("its devices belong to the adapter that brings them", () => {
  const [first] = simulator.devices?.({}, "playhouse") ?? [];

  expect(first).toMatchObject({ id: "kitchen-lamp", room: "Kitchen", adapter: "playhouse" });
  expect(first?.channels.get("power")).toMatchObject({ readable: true, writable: true });
});
