import { describe, expect, test } from "vitest";
import mqtt from "../../../adapters/mqtt/index.js";
import type { ValueSpec } from "../../../src/core/value.js";

const lamp: ValueSpec = { kind: "switch" };
const temperature: ValueSpec = { kind: "number", unit: "°C" };

function check(value: ValueSpec, address: unknown, device?: unknown) {
  return mqtt.checkDevice({ address: device, channels: { it: { value, address } } });
}

function problemsOf(value: ValueSpec, address: unknown, device?: unknown): string[] {
  return check(value, address, device).problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("a channel's address", () => {
  test.each([
    [lamp, { state: "a" }, { readable: true, writable: false }],
    [lamp, { command: "a" }, { readable: false, writable: true }],
    [
      lamp,
      { state: "a", command: "a/set", on: 1, off: 0, qos: 1, retain: true },
      { readable: true, writable: true },
    ],
    [temperature, { state: "a/+/b", extract: "$.t", min: -40, max: 60 }, { readable: true, writable: false }],
    [{ kind: "button" }, { command: "a", press: "GO" }, { readable: false, writable: true }],
    [{ kind: "event" }, { state: "a", map: { 1: "single" } }, { readable: true, writable: false }],
    [{ kind: "image" }, { state: "a" }, { readable: true, writable: false }],
  ] as const)("of %j may be %j", (value, address, access) => {
    expect(check(value, address)).toEqual({ problems: [], access: { it: access } });
  });

  test.each([
    [lamp, {}, "channels.it.address: needs `state` (a topic to read), `command` (one to write), or both"],
    [lamp, undefined, "channels.it.address: needs `state`"],
    [
      lamp,
      { state: "a", comand: "b" },
      'channels.it.address.comand: unknown key "comand"; did you mean "command"?',
    ],
    [lamp, { state: 5 }, "channels.it.address.state: is no topic"],
    [lamp, { state: "" }, "channels.it.address.state: is empty"],
    [lamp, { state: "a/b#" }, 'channels.it.address.state: "a/b#" has a wildcard inside a level'],
    [
      lamp,
      { command: "a/+" },
      'channels.it.address.command: "a/+" has a wildcard; commands need one plain topic',
    ],
    [lamp, { state: "{topic}/x" }, "address.topic: is missing; {topic} in the topics stands for it"],
    [lamp, { state: "a", extract: "temp" }, "channels.it.address.extract: is no JSONPath"],
    [lamp, { state: "a", qos: 3 }, "channels.it.address.qos: is no quality of service; write 0, 1 or 2"],
    [lamp, { state: "a", on: [1] }, "channels.it.address.on: is no plain word"],
    [
      lamp,
      { state: "a", scale: 2 },
      "channels.it.address.scale: does not fit the kind switch; it is for number",
    ],
    [
      lamp,
      { state: "a", template: "{value}" },
      "channels.it.address.template: needs a `command` topic beside it",
    ],
    [lamp, { state: "a", retain: true }, "channels.it.address.retain: needs a `command` topic beside it"],
    [
      temperature,
      { state: "a", on: 1 },
      "channels.it.address.on: does not fit the kind number; it is for switch, contact",
    ],
    [temperature, { state: "a", scale: 0 }, "channels.it.address.scale: is 0"],
    [temperature, { state: "a", min: 5, max: 1 }, "channels.it.address.min: is above max (1)"],
    [
      { kind: "button" },
      { state: "a", command: "b" },
      "channels.it.address.state: does not fit the kind button",
    ],
    [
      { kind: "contact" },
      { state: "a", command: "b" },
      "channels.it.address.command: does not fit the kind contact",
    ],
    [{ kind: "switch" }, { state: "a", on: 1, off: "1" }, "channels.it.address.on: is the same as off"],
    [{ kind: "event" }, {}, "channels.it.address.state: is missing; the kind event needs its topic"],
    [
      { kind: "image" },
      { state: "a", extract: "$.x" },
      "channels.it.address.extract: does not fit the kind image",
    ],
  ] as const)("of %j may not be %j", (value, address, problem) => {
    const problems = problemsOf(value, address);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

test("one mistake in a channel's address hides no other", () => {
  const address = { state: "a/b#", comand: "c", extract: "temp", on: 1, qos: 3 };
  expect(problemsOf(temperature, address).map((line) => line.split(": ")[0])).toEqual([
    "channels.it.address.qos",
    "channels.it.address.extract",
    "channels.it.address.comand",
    "channels.it.address.on",
    "channels.it.address.state",
  ]);
});

describe("a device's address", () => {
  test("gives the topic that its channels name", () => {
    const device = {
      topic: "kitchen",
      availability: { topic: "tele/{topic}/LWT", online: "Online", offline: "Offline" },
    };
    expect(check(lamp, { state: "stat/{topic}/POWER" }, device).problems).toEqual([]);
  });

  test.each([
    [{ topic: "a/+" }, 'address.topic: "a/+" has a wildcard'],
    [{ topic: "a", base: "b" }, 'address.base: unknown key "base"'],
    [{ availability: {} }, "address.availability.topic: is no topic"],
    [{ availability: { topic: "{topic}/online" } }, "address.topic: is missing; {topic} in the topics"],
    [
      { availability: { topic: "a", online: 1, offline: "1" } },
      "address.availability.online: is the same as offline",
    ],
  ])("may not be %j", (device, problem) => {
    const problems = problemsOf(lamp, { state: "x" }, device);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  test("without the topic that all its topics need is one mistake", () => {
    const channel = { value: lamp, address: { state: "stat/{topic}", command: "cmnd/{topic}" } };
    const availability = { topic: "tele/{topic}/LWT" };
    const { problems } = mqtt.checkDevice({
      address: { availability },
      channels: { a: channel, b: channel },
    });
    expect(problems.map(({ path }) => path.join("."))).toEqual(["address.topic"]);
  });

  test.each([{ topic: "a+b" }, { topik: "a" }])("is one mistake where the topic is wrong: %j", (words) => {
    const address = { state: "stat/{topic}", command: "cmnd/{topic}" };
    const device = { ...words, availability: { topic: "tele/{topic}/LWT" } };
    expect(problemsOf(lamp, address, device)).toEqual([expect.stringMatching(/^address\.topi[ck]: /)]);
  });

  test("that cannot be read is one mistake, not one for each channel", () => {
    expect(problemsOf(lamp, { state: "{topic}/x" }, { topic: 5 })).toEqual([
      expect.stringContaining("address.topic"),
    ]);
  });
});
