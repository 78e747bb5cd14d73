import { expect, test } from "vitest";
import {
  type Layout,
  readRegisters,
  registersOf,
  writtenRegisters,
} from "../../../../adapters/serial/modbus/registers.js";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

test.each([
  ["uint16", "big", "FFFE", 65_534],
  ["int16", "big", "FFFE", -2],
  ["uint32", "big", "0001 E240", 123_456],
  ["uint32", "little", "E240 0001", 123_456],
  ["int32", "big", "FFFE 1DC0", -123_456],
  ["int32", "little", "1DC0 FFFE", -123_456],
  ["uint64", "big", "0000 0002 540B E400", 10_000_000_000],
  ["int64", "little", "1C00 ABF4 FFFD FFFF", -10_000_000_000],
  ["float32", "big", "4366 8000", 230.5],
  ["float32", "little", "8000 4366", 230.5],
  ["float64", "big", "406C D000 0000 0000", 230.5],
] as const)("%s, %s register first: %s is %d, both ways", (type, order, bytes, value) => {
  const layout: Layout = { type, order };
  expect(registersOf(layout) * 2).toBe(hex(bytes).length);
  expect(readRegisters(layout, hex(bytes))).toBe(value);
  expect(writtenRegisters(layout, value)?.toString("hex")).toBe(hex(bytes).toString("hex"));
});

test("a float has the digits that it can have, and no others", () => {
  expect(readRegisters({ type: "float32", order: "big" }, hex("3DCC CCCD"))).toBe(0.1);
});

test("what is no number says nothing", () => {
  for (const bytes of ["7FC0 0000", "FFFF FFFF", "7F80 0000"])
    expect(readRegisters({ type: "float32", order: "big" }, hex(bytes))).toBeUndefined();
});

test.each([
  ["uint16", -1],
  ["uint16", 65_536],
  ["int16", 32_768],
  ["uint32", 2 ** 32],
  ["uint64", 2 ** 53],
  ["float32", 1e39],
  ["int32", Number.NaN],
] as const)("%s cannot hold %d", (type, value) => {
  expect(writtenRegisters({ type, order: "big" }, value)).toBeUndefined();
});

test("fractions are rounded where the type has none", () => {
  expect(writtenRegisters({ type: "int16", order: "big" }, -1.6)).toEqual(hex("FFFE"));
});
