import { expect, test } from "vitest";
import { readModbusDevice } from "../../../../adapters/serial/modbus/wiring.js";
import type { ValueSpec } from "../../../../src/core/value.js";

const number: ValueSpec = { kind: "number" };

function problemsOf(address: unknown, channel: unknown = { register: 0 }, value: ValueSpec = number) {
  const { problems } = readModbusDevice({ address, channels: { it: { value, address: channel } } });
  return problems.map(({ path, message }) => `${path.join(".")} ${message}`);
}

test.each([
  [{}, "address.unit is no unit; write the number that is set in the device, 1 to 247"],
  [{ unit: 0 }, "address.unit is no unit; 1 is the first (0 speaks to all, and none answers)"],
  [{ unit: 300 }, "address.unit is no unit; 247 is the last"],
  [{ unit: 1, evry: "10s" }, 'address.evry unknown key "evry"; did you mean "every"?'],
  [{ unit: 1, every: "1ms" }, "address.every is not from 100ms to 1d"],
  [{ unit: 1, type: "uint8" }, /^address\.type "uint8" is not known here; known: uint16, int16, /],
])("of a device's address %j it says what would be right", (address, sentence) => {
  const [first, ...more] = problemsOf(address);
  expect(first).toMatch(sentence);
  expect(more).toEqual([]);
});

const switches: ValueSpec = { kind: "switch" };
test.each([
  [{}, number, "needs `register` (where it is read), `write: { register }`, or both"],
  [{ register: 40_001.5 }, number, "register is no register; write a whole number from 0 to 65535"],
  [
    { register: -1 },
    number,
    "register is no register; the first is 0 (documents that begin at 40001 or 30001 mean 0 by it)",
  ],
  [
    { register: 300_001 },
    number,
    "register is no register; the last is 65535 (of a 6-digit number, leave out the first and take one off)",
  ],
  [
    { register: 65_535, type: "float32" },
    number,
    "register is too near the end for float32; 65534 is the last",
  ],
  [
    { register: 1, table: "input", write: true },
    number,
    "write does not go with the table input, which can only be read; holding and coil are written",
  ],
  [{ write: true }, number, "write names no register; write { register: 12 }, or `register` beside it"],
  [
    { register: 1, table: "coil", type: "int16" },
    switches,
    "type does not fit the table coil, which holds single bits",
  ],
  [
    { register: 1, write: "yes" },
    number,
    "write is neither true nor a place; write true, { register: 12 } or { multiple: true }",
  ],
  [{ register: 1, extract: "$.a" }, number, /^extract unknown key "extract"/],
  [{ register: 1 }, { kind: "color" }, "does not fit the kind color; registers hold numbers"],
  [{ register: 1, on: 1 }, number, "on does not fit the kind number; it is for switch, contact"],
] as const)("of a channel's address %j it says what would be right", (address, value, sentence) => {
  const [first, ...more] = problemsOf({ unit: 1 }, address, value as ValueSpec);
  expect(first?.replace(/^channels\.it\.address[. ]/, "")).toMatch(sentence);
  expect(more).toEqual([]);
});

test("channels take from their device what they do not say themselves", () => {
  const { wiring, problems, access } = readModbusDevice({
    address: { unit: 9, table: "input", type: "float32" },
    channels: {
      voltage: { value: number, address: { register: 0 } },
      current: { value: number, address: { register: 6 } },
      relay: { value: switches, address: { register: 3, table: "coil", write: true } },
      reset: {
        value: { kind: "button" },
        address: { table: "holding", type: "uint16", write: { register: 50 } },
      },
    },
  });
  expect(problems).toEqual([]);
  expect(wiring?.blocks).toMatchObject([
    { table: "coil", first: 3, count: 1 },
    { table: "input", first: 0, count: 2 },
    { table: "input", first: 6, count: 2 },
  ]);
  expect(access).toMatchObject({
    voltage: { readable: true, writable: false, staleAfter: 39_000 },
    current: { readable: true, writable: false },
    relay: { readable: true, writable: true },
    reset: { readable: false, writable: true },
  });
});
