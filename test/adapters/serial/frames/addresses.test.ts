import { describe, expect, test } from "vitest";
import serial from "../../../../adapters/serial/index.js";
import type { ValueSpec } from "../../../../src/core/value.js";

const power: ValueSpec = { kind: "switch" };
const level: ValueSpec = { kind: "number" };
const text: ValueSpec = { kind: "text" };
const settings = { path: "/dev/ttyUSB0" };

function check(value: ValueSpec, address: unknown, device: unknown = {}, given: object = settings) {
  return serial.checkDevice({ address: device, channels: { it: { value, address } } }, given);
}

function problemsOf(...given: Parameters<typeof check>): string[] {
  return check(...given).problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("a channel's address on a line", () => {
  test.each([
    [level, {}, { readable: true, writable: false }],
    [level, { match: "^L=(.*)$" }, { readable: true, writable: false }],
    [power, { send: "P={value}\n", on: 1, off: 0 }, { readable: false, writable: true }],
    [power, { match: "^P=(.)$", send: "P={value}\n", on: 1, off: 0 }, { readable: true, writable: true }],
    [{ kind: "button" }, { send: "RESET\n" }, { readable: false, writable: true }],
    [{ kind: "button" }, { send: { hex: "AA 01 FF" } }, { readable: false, writable: true }],
  ] as const)("of %j may be %j", (value, address, access) => {
    expect(check(value, address)).toEqual({ problems: [], access: { it: access } });
  });

  test("that is asked for is old after three questions and their timeouts", () => {
    const poll = { send: "L?\n", every: "10s", timeout: "1s", retries: 2 };
    expect(check(level, { poll }).access.it).toEqual({ readable: true, writable: false, staleAfter: 33_000 });
    expect(check(level, {}, { every: "10s" }).access.it?.staleAfter).toBe(30_000);
  });

  test.each([
    [level, { match: "(" }, {}, "channels.it.address.match: "],
    [level, { mach: "x" }, {}, 'channels.it.address.mach: unknown key "mach"; did you mean "match"?'],
    [level, { extract: "$.a", key: "b" }, {}, "channels.it.address"],
    [power, { send: "" }, {}, "channels.it.address.send: is empty"],
    [power, { send: 5 }, {}, "channels.it.address.send: is neither a text nor bytes"],
    [
      power,
      { send: "P={value}*{checksum}\n" },
      {},
      "channels.it.address.send: has {checksum}, but the adapter has no `checksum`",
    ],
    [
      power,
      { send: "{checksum}{checksum}{value}" },
      {},
      "channels.it.address.send: has {checksum} more than once",
    ],
    [level, { poll: { send: "" } }, {}, "channels.it.address.poll.send: is empty"],
    [level, { poll: { send: { hex: "A" } } }, {}, "channels.it.address.poll.send: cannot be sent"],
    [
      level,
      { poll: { send: "?", every: "10ms" } },
      {},
      "channels.it.address.poll.every: is not from 100ms to 1d",
    ],
    [
      level,
      { poll: { send: "?", timeout: "1m" } },
      {},
      "channels.it.address.poll.timeout: is not from 20ms to 30s",
    ],
    [level, { poll: { send: "?", retries: 9 } }, {}, "channels.it.address.poll.retries: "],
    [level, {}, { every: "1ms" }, "address.every: is not from 100ms to 1d"],
    [level, {}, { match: "(" }, "address.match: "],
    [{ kind: "button" }, {}, {}, "channels.it.address"],
  ] as const)("of %j cannot be %j", (value, address, device, sentence) => {
    const said = problemsOf(value, address, device);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(sentence);
  });

  test("cannot ask for what the character set of the line lacks", () => {
    const said = problemsOf(
      level,
      { poll: { send: "Füllstand?\n" } },
      {},
      { ...settings, encoding: "ascii" },
    );
    expect(said).toEqual([expect.stringContaining("channels.it.address.poll.send: cannot be sent: ")]);
  });

  test("may have words of its device in braces", () => {
    const address = { match: "^{id}=(.*)$", send: "{id}={value}\n" };
    expect(problemsOf(text, address, { id: "004d" })).toEqual([]);
  });
});
