import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findAnswer,
  readQuestion,
  writeCoil,
  writeRegisters,
} from "../../../../adapters/serial/modbus/frames.js";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

/** The examples of https://www.simplymodbus.ca/FC03.htm and its sister pages: unit 17, and what it answers. */
const published = [
  ["coils", readQuestion(17, "coil", 19, 37), "11 01 0013 0025 0E84", "11 01 05 CD6BB20E1B 45E6"],
  ["discrete inputs", readQuestion(17, "discrete", 196, 22), "11 02 00C4 0016 BAA9", "11 02 03 ACDB35 2018"],
  [
    "holding registers",
    readQuestion(17, "holding", 107, 3),
    "11 03 006B 0003 7687",
    "11 03 06 AE4156524340 49AD",
  ],
  ["input registers", readQuestion(17, "input", 8, 1), "11 04 0008 0001 B298", "11 04 02 000A F8F4"],
  ["one coil", writeCoil(17, 172, true, false), "11 05 00AC FF00 4E8B", "11 05 00AC FF00 4E8B"],
  ["one register", writeRegisters(17, 1, hex("0003"), false), "11 06 0001 0003 9A9B", "11 06 0001 0003 9A9B"],
  [
    "several registers",
    writeRegisters(17, 1, hex("000A0102"), false),
    "11 10 0001 0002 04 000A0102 C6F0",
    "11 10 0001 0002 1298",
  ],
] as const;

describe.each(published)("of the published example of %s", (_, question, asked, answered) => {
  const answer = hex(answered);

  test("the question is written, and the answer read", () => {
    expect(question.frame.toString("hex")).toBe(hex(asked).toString("hex"));
    const data = question.isRead ? answer.subarray(3, -2) : Buffer.alloc(0);
    expect(findAnswer(question, answer)).toEqual({ data });
  });

  test("no piece of the answer is one", () => {
    for (let length = 0; length < answer.length; length += 1)
      expect(findAnswer(question, answer.subarray(0, length))).toBeUndefined();
  });

  test("no answer with one bit turned is one", () => {
    for (let bit = 0; bit < answer.length * 8; bit += 1) {
      const turned = Buffer.from(answer);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(findAnswer(question, turned), `bit ${bit}`).toBeUndefined();
    }
  });

  test("the answer is found between noise", () => {
    // Noise may hold the unit's own number, but no whole frame.
    const noise = fc
      .uint8Array({ maxLength: 100 })
      .filter((bytes) => findAnswer(question, Buffer.from(bytes)) === undefined);
    fc.assert(
      fc.property(noise, noise, (before, after) => {
        expect(findAnswer(question, Buffer.concat([before, answer, after]))).toBeDefined();
      }),
    );
  });

  test("the exception of its function is an answer, and that of another is none", () => {
    const exceptions: Readonly<Record<number, string>> = {
      1: "11 81 02 C054",
      2: "11 82 02 C0A4",
      3: "11 83 02 C134",
      4: "11 84 02 C304",
      5: "11 85 02 C294",
      6: "11 86 02 C264",
      16: "11 90 02 CC04",
    };
    for (const [code, frame] of Object.entries(exceptions)) {
      const expected = Number(code) === question.code ? { exception: 2 } : undefined;
      expect(findAnswer(question, hex(frame)), code).toEqual(expected);
    }
  });
});

const holding = readQuestion(17, "holding", 107, 3);

test.each([
  ["another unit", "12 03 06 AE4156524340 5D5D"],
  ["a read of another length", "11 03 02 AE41 C5D7"],
])("the answer of %s is none", (_, frame) => {
  expect(findAnswer(holding, hex(frame))).toBeUndefined();
});

test("whatever stands behind the right unit and function breaks nothing", () => {
  for (const [, question] of published) {
    const head = fc.constantFrom(question.code, question.code | 0x80).map((code) => [17, code]);
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 300 }), (first, rest) => {
        expect(() => findAnswer(question, Buffer.from([...first, ...rest]))).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  }
});

test("a write that was answered with another value was not answered", () => {
  const answerToOther = writeRegisters(17, 1, hex("0004"), false).frame;
  expect(findAnswer(writeRegisters(17, 1, hex("0003"), false), answerToOther)).toBeUndefined();
});

test("a read that comes back from a wire that hears itself is no answer, and the answer behind it is", () => {
  // The echo of this question has the shape of its answer.
  const question = readQuestion(17, "coil", 0x0300, 24);
  expect(findAnswer(question, question.frame)).toBeUndefined();
  const echoed = Buffer.concat([holding.frame, hex("11 03 06 AE4156524340 49AD")]);
  expect(findAnswer(holding, echoed)).toEqual({ data: hex("AE4156524340") });
});

test("several coils are written by their own function where the address says so", () => {
  expect(writeCoil(17, 19, true, true).frame.subarray(0, -2)).toEqual(hex("11 0F 0013 0001 01 01"));
});
