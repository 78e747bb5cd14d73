import { describe, expect, test } from "vitest";
import mqtt from "../../../adapters/mqtt/index.js";
import { readDevice } from "../../../adapters/mqtt/wiring.js";
import type { ValueSpec } from "../../../src/core/value.js";

const lamp: ValueSpec = { kind: "switch" };
const kelvins: ValueSpec = { kind: "number", unit: "K" };
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
    [lamp, { state: ["a", { topic: "b/+", extract: "$.p" }] }, { readable: true, writable: false }],
    [
      { kind: "cover" },
      { command: "a", position: { command: "a/pos", template: "pos,{value}" } },
      { readable: false, writable: true },
    ],
    [kelvins, { command: "a", mired: true }, { readable: false, writable: true }],
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
    [lamp, { state: [] }, "channels.it.address.state: must have at least 1 entry"],
    [lamp, { state: ["a", "b#"] }, 'channels.it.address.state.1: "b#" has a wildcard inside a level'],
    [
      lamp,
      { state: [{ topic: "a", extract: "temp" }] },
      "channels.it.address.state.0.extract: is no JSONPath",
    ],
    [
      { kind: "image" },
      { state: ["a", { topic: "b", extract: "$.c" }] },
      "channels.it.address.state.1.extract: does not fit the kind image",
    ],
    [
      lamp,
      { command: "a", position: { template: "{value}" } },
      "channels.it.address.position: does not fit the kind switch; it is for cover",
    ],
    [
      { kind: "cover" },
      { command: "a", position: { command: "a/+" } },
      'channels.it.address.position.command: "a/+" has a wildcard',
    ],
    [
      { kind: "cover" },
      { state: "a", position: {} },
      "channels.it.address.position: needs a `command` topic beside it",
    ],
    [kelvins, { state: "a", mired: true, scale: 2 }, "channels.it.address.mired: does not go with scale"],
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

test("a cover is told a position in another way than a word", () => {
  const address = {
    command: "blind/command",
    open: "open",
    close: "close",
    stop: "stop",
    position: { command: "blind/command/pos" },
    qos: 1,
  };
  const { wiring } = readDevice({ address: {}, channels: { it: { value: { kind: "cover" }, address } } });
  const told = ([100, 0, "stop", 40] as const).map((value) => wiring.voices.get("it")?.(value));
  const word = { topic: "blind/command", qos: 1, retain: false };
  expect(told).toEqual([
    { ...word, payload: "open" },
    { ...word, payload: "close" },
    { ...word, payload: "stop" },
    { ...word, topic: "blind/command/pos", payload: "40" },
  ]);
});

test("a cover is told a position on the same topic by a template of its own", () => {
  const address = {
    command: "blind/set",
    template: '{"state": {value}}',
    open: "OPEN",
    position: { template: '{"position": {value}}' },
  };
  const { wiring } = readDevice({ address: {}, channels: { it: { value: { kind: "cover" }, address } } });
  const told = ([100, 0, "stop", 40] as const).map((value) => wiring.voices.get("it")?.(value).payload);
  expect(told).toEqual(['{"state": "OPEN"}', '{"position": 0}', '{"state": "STOP"}', '{"position": 40}']);
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

  test("gives the other words that its channels have in braces", () => {
    const address = {
      state: ["{base}/{topic}", { topic: "all", extract: "$['{topic}'].state" }],
      command: "{base}/{topic}/set",
      template: '{"relay": {relay}, "state": {value}, "other": "{other}"}',
    };
    const device = {
      topic: "hall/lamp",
      base: "zigbee2mqtt",
      relay: 2,
      availability: { topic: "{base}/{topic}/availability" },
    };
    const { problems, wiring } = readDevice({ address: device, channels: { it: { value: lamp, address } } });
    expect(problems).toEqual([]);
    expect(wiring.availability?.filter).toBe("zigbee2mqtt/hall/lamp/availability");
    expect(wiring.ears.map(({ filter }) => filter)).toEqual(["zigbee2mqtt/hall/lamp", "all"]);
    expect(wiring.voices.get("it")?.(true)).toMatchObject({
      topic: "zigbee2mqtt/hall/lamp/set",
      payload: '{"relay": 2, "state": "ON", "other": "{other}"}',
    });
  });

  test("without a word that its channels have in braces leaves these as they are", () => {
    const { problems, wiring } = readDevice({
      address: undefined,
      channels: { it: { value: lamp, address: { state: "a/{b}" } } },
    });
    expect(problems).toEqual([]);
    expect(wiring.ears.map(({ filter }) => filter)).toEqual(["a/{b}"]);
  });

  test.each([
    [{ relay: "+" }, 'address.relay: "+" has a wildcard'],
    [{ relay: { number: 1 } }, "address.relay: is no plain word"],
    [{ relay: 1, value: 2 }, 'address.value: unknown key "value"'],
  ])("may not be %j where its channels say {relay} and {value}", (device, problem) => {
    const address = { command: "relay/{relay}", template: "{value}" };
    expect(problemsOf(lamp, address, device)).toEqual([expect.stringContaining(problem)]);
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
    expect(problemsOf(lamp, { state: "{topic}/x" }, { topic: [5] })).toEqual([
      expect.stringContaining("address.topic"),
    ]);
  });
});
