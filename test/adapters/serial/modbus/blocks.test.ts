import { expect, test } from "vitest";
import { blocksOf, bytesAt, type Place } from "../../../../adapters/serial/modbus/blocks.js";
import type { Table } from "../../../../adapters/serial/modbus/frames.js";

function place(register: number, count = 1, table: Table = "holding"): Place {
  return { channel: `r${register}`, table, register, count, read: () => undefined };
}

function shapes(places: readonly Place[], gap = 0) {
  return blocksOf(places, gap).map(({ table, first, count }) => `${table} ${first}+${count}`);
}

test("joins what lies side by side or over each other, in whatever order it is given", () => {
  expect(shapes([place(4, 2), place(0, 2), place(2, 2), place(2), place(9)])).toEqual([
    "holding 0+6",
    "holding 9+1",
  ]);
});

test("reads registers that nobody wants along only where it is allowed to", () => {
  const apart = [place(0), place(3), place(7)];
  expect(shapes(apart)).toEqual(["holding 0+1", "holding 3+1", "holding 7+1"]);
  expect(shapes(apart, 2)).toEqual(["holding 0+4", "holding 7+1"]);
  expect(shapes(apart, 3)).toEqual(["holding 0+8"]);
});

test("never joins tables", () => {
  expect(shapes([place(0), place(1, 1, "input"), place(2, 1, "coil"), place(3, 1, "discrete")])).toEqual([
    "coil 2+1",
    "discrete 3+1",
    "holding 0+1",
    "input 1+1",
  ]);
});

test("asks for no more at once than a request may have", () => {
  const many = Array.from({ length: 100 }, (_, index) => place(index * 2, 2));
  expect(shapes(many)).toEqual(["holding 0+124", "holding 124+76"]);
});

test("finds the bytes, or the bit, of each place in an answer", () => {
  const [block] = blocksOf([place(10), place(11, 2)], 0);
  const data = Buffer.from("000100020003", "hex");
  expect(block?.places.map((each) => bytesAt(block, each, data).toString("hex"))).toEqual([
    "0001",
    "00020003",
  ]);
  const [bits] = blocksOf([place(3, 1, "coil"), place(12, 1, "coil")], 10);
  expect(bits?.places.map((each) => bytesAt(bits, each, Buffer.from([0b1, 0b10]))[0])).toEqual([1, 1]);
  expect(bits?.places.map((each) => bytesAt(bits, each, Buffer.from([0b10, 0b1]))[0])).toEqual([0, 0]);
});
