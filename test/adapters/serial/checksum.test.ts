import { describe, expect, test } from "vitest";
import { checkerOf, checksum, checksumFor } from "../../../adapters/serial/checksum.js";
import { problemsOf } from "../../../src/schema.js";

const digits = Buffer.from("123456789");
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const check = (given: unknown) => checkerOf(checksum.parse(given));

test.each([
  ["sum8", "dd"],
  ["xor8", "31"],
  ["crc8", "f4"],
  ["crc8-maxim", "a1"],
  ["crc16-modbus", "374b"],
])("%s of 123456789 is the published %s, the low byte first", (kind, published) => {
  expect(Buffer.from(checksumFor(checksum.parse(kind), digits)).toString("hex")).toBe(published);
});

test("crc16-dsmr is CRC-16/ARC, of which BB3D is published", () => {
  const arc = checksum.parse({ kind: "crc16-dsmr", at: -2, order: "be" });
  expect(Buffer.from(checksumFor(arc, digits)).toString("hex")).toBe("bb3d");
});

// The sentence of the NMEA 0183 documentation, the telegram of the P1 companion standard's kind, the SDS011's data
// sheet, the first request of the Modbus specification.
const frames: readonly (readonly [string, unknown, Buffer, Buffer])[] = [
  [
    "NMEA",
    "nmea",
    Buffer.from("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"),
    Buffer.from("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,"),
  ],
  [
    "SDS011",
    { kind: "sum8", from: 2, at: 8 },
    hex("AA C0 D4 04 3A 0A A1 60 1D AB"),
    hex("AA C0 D4 04 3A 0A A1 60 1D AB"),
  ],
  ["Modbus", "crc16-modbus", hex("01 03 00 00 00 0A C5 CD"), hex("01 03 00 00 00 0A")],
  ["an Arduino", { kind: "xor8", marker: "*" }, Buffer.from("T=21.5 H=40*20"), Buffer.from("T=21.5 H=40")],
  [
    "an Arduino with a CRC",
    { kind: "crc8", marker: "*" },
    Buffer.from("123456789*F4"),
    Buffer.from("123456789"),
  ],
  [
    "DSMR",
    "crc16-dsmr",
    Buffer.from("/X\r\n\r\n1-0:1.7.0(01.193*kW)\r\n!0000\r\n"),
    Buffer.from("/X\r\n\r\n1-0:1.7.0(01.193*kW)\r\n!"),
  ],
  [
    "a check ahead of its data",
    { kind: "sum8", at: 1, from: 2 },
    hex("AA 06 01 02 03"),
    hex("AA 06 01 02 03"),
  ],
];

describe.each(frames)("the check of %s", (name, given, written, data) => {
  const frame = completed(name, given, written);

  test("gives the data of a good frame", () => {
    expect(check(given)(frame)).toEqual(data);
  });

  test("lets no flipped bit change the data that it covers", () => {
    const from = Object(given).from ?? (given === "nmea" ? 1 : 0);
    const isAhead = Object(given).at < from;
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const at = bit >> 3;
      if (isAhead ? at < 1 : at < from) continue;
      if (name === "SDS011" && at === 9) continue;
      const flipped = Buffer.from(frame);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7));
      // A hex digit in the other case, or another blank behind it, is the same check.
      const result = check(given)(flipped);
      if (result !== undefined) expect([bit, result]).toEqual([bit, data]);
    }
  });

  test("refuses a frame that ends before its check does", () => {
    const least = name === "SDS011" ? 9 : frame.toString("latin1").trimEnd().length;
    for (let length = 0; length < least; length++) {
      expect(check(given)(frame.subarray(0, length))).toBeUndefined();
    }
  });
});

/** The DSMR frame is completed by what writes checks; the others come from documents. */
function completed(name: string, given: unknown, written: Buffer): Buffer {
  if (name !== "DSMR") return written;
  const before = written.subarray(0, written.indexOf("!") + 1);
  return Buffer.concat([before, checksumFor(checksum.parse(given), before), Buffer.from("\r\n")]);
}

describe("the check of a frame that is written", () => {
  test.each([
    ["nmea", "$PMTK220,1000*", "", "1F"],
    [{ kind: "sum8", marker: "*" }, "PUMP=1*", "\n", "B0"],
    [{ kind: "crc16-modbus", marker: ";" }, "123456789;", "", "4B37"],
  ])("of %j behind %j is hex digits", (given, before, after, written) => {
    const digitsOfCheck = checksumFor(checksum.parse(given), Buffer.from(before), Buffer.from(after));
    expect(Buffer.from(digitsOfCheck).toString()).toBe(written);
  });

  test("stands where it is written, in a command longer than a report", () => {
    const command = hex("AA B4 06 01 01 00 00 00 00 00 00 00 00 00 00 FF FF");
    const sds011 = checksum.parse({ kind: "sum8", from: 2, at: 8 });
    expect(checksumFor(sds011, command, hex("AB"))).toEqual(Uint8Array.of(0x06));
  });

  test("counts what follows where the check stands ahead", () => {
    const ahead = checksum.parse({ kind: "sum8", at: 1, from: 2 });
    expect(checksumFor(ahead, hex("AA"), hex("01 02 03"))).toEqual(Uint8Array.of(6));
  });
});

test("digits of either case are read, and a line end behind them", () => {
  const given = { kind: "crc16-modbus", marker: "*" };
  expect(check(given)(Buffer.from("123456789*4b37\r\n"))).toEqual(digits);
  expect(check(given)(Buffer.from("123456789*4b3"))).toBeUndefined();
  expect(check(given)(Buffer.from("123456789*04b37"))).toBeUndefined();
});

test.each([
  ["crc", "", "is no check; write nmea, sum8"],
  [{ kind: "crc16-modbs" }, "kind", 'did you mean "crc16-modbus"?'],
  [7, "", "is no check; write nmea, sum8"],
  [{ kind: "sum8", marker: "*", at: 3 }, "at", "leave one of them out"],
  [{ kind: "sum8", order: "be" }, "order", "which is one byte"],
  [{ kind: "crc16-modbus", marker: "*", order: "be" }, "order", "means nothing to hex digits"],
  [{ kind: "crc16-dsmr", order: "be" }, "order", "means nothing to hex digits"],
  [{ kind: "crc16-modbus", at: -1 }, "at", "write -2"],
  [{ kind: "sum8", from: 3, at: 3 }, "at", "nothing would be counted"],
  [{ kind: "crc16-modbus", from: 3, at: 2 }, "from", "write 4 or more"],
  [{ kind: "sum8", marker: "" }, "marker", "is empty"],
  [{ kind: "sum8", from: 1.5 }, "from", "whole number"],
  [{ kind: "sum8", form: 1 }, "form", 'did you mean "from"?'],
])("says of %j what is wrong", (given, path, sentence) => {
  const { error } = checksum.safeParse(given);
  const problems = error === undefined ? [] : problemsOf(error);
  expect(problems.map((problem) => problem.path.join("."))).toEqual([path]);
  expect(problems[0]?.message).toContain(sentence);
});
