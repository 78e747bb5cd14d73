import { describe, expect, test } from "vitest";
import type { Channel, DeviceClass, Risk } from "../../src/core/device.js";
import { riskOf } from "../../src/core/risk.js";
import type { CommandValue, ValueSpec } from "../../src/core/value.js";

const modes: ValueSpec = { kind: "choice", options: [] };

function aChannel(value: ValueSpec, risk?: Risk): Channel {
  const channel = { id: "x", label: "X", value, readable: true, writable: true, address: undefined };
  return risk === undefined ? channel : { ...channel, risk };
}

test.each<[DeviceClass, ValueSpec, CommandValue, Risk]>([
  ["light", { kind: "switch" }, true, "safe"],
  ["light", { kind: "level" }, 100, "safe"],
  ["light", { kind: "color" }, "#ffffff", "safe"],
  ["light", { kind: "number", unit: "K" }, 2700, "safe"],
  ["media", modes, "radio", "safe"],
  ["light", { kind: "button" }, "press", "caution"],
  ["socket", { kind: "switch" }, true, "caution"],
  ["other", { kind: "switch" }, true, "caution"],
  ["climate", { kind: "number" }, 21, "caution"],
  ["blind", { kind: "cover" }, 100, "caution"],
  ["blind", { kind: "cover" }, "stop", "caution"],
  ["lock", { kind: "lock" }, "lock", "caution"],
  ["lock", { kind: "lock" }, "unlock", "hazard"],
  ["other", { kind: "lock" }, "open", "hazard"],
  ["alarm", modes, "armed_home", "caution"],
  ["alarm", modes, "disarmed", "hazard"],
  ["alarm", { kind: "text" }, "DISARM", "hazard"],
  ["other", modes, "disarmed", "hazard"],
])("to a %s, %o %o is %s", (deviceClass, value, command, risk) => {
  expect(riskOf({ class: deviceClass }, aChannel(value), command)).toBe(risk);
});

describe("on a channel that is declared a hazard", () => {
  test.each<[ValueSpec, CommandValue, CommandValue]>([
    [{ kind: "switch" }, true, false],
    [{ kind: "level" }, 1, 0],
    [{ kind: "number" }, 5, 0],
    [{ kind: "cover" }, 100, 0],
    [{ kind: "cover" }, 20, "stop"],
    [{ kind: "lock" }, "unlock", "lock"],
    [modes, "heat", "OFF"],
    [modes, "disarmed", "armed_away"],
  ])("%o %o needs a confirmation, %o does not", (value, forth, back) => {
    const channel = aChannel(value, "hazard");

    expect(riskOf({ class: "light" }, channel, forth)).toBe("hazard");
    expect(riskOf({ class: "light" }, channel, back)).toBe("caution");
  });

  test.each<[ValueSpec, CommandValue]>([
    [{ kind: "button" }, "press"],
    [{ kind: "color" }, "#000000"],
    [{ kind: "number" }, -5],
  ])("%o has no way back that is known, so %o is a hazard", (value, command) => {
    expect(riskOf({ class: "other" }, aChannel(value, "hazard"), command)).toBe("hazard");
  });
});

test.each(["safe", "caution"] as const)("a channel that is declared %s is so for every command", (risk) => {
  expect(riskOf({ class: "lock" }, aChannel({ kind: "lock" }, risk), "unlock")).toBe(risk);
});
