import { expect, test } from "vitest";
import { checksum } from "../../../../adapters/serial/checksum.js";
import { disagreements } from "../../../../adapters/serial/framing/agreement.js";
import { framing } from "../../../../adapters/serial/framing/settings.js";

const ended = { kind: "length", length: 10, start: { hex: "AA" }, end: { hex: "AB" } };
const said = { kind: "length", length: { at: 1, size: 2 }, start: { hex: "AA" }, end: { hex: "AB" } };

test.each([
  [{ kind: "modbus-rtu" }, "crc16-modbus", "checksum", "leave it out"],
  [{ kind: "line", max: 8 }, { kind: "sum8", from: 8 }, "checksum.from", "which has 8 bytes"],
  [{ kind: "line", max: 8 }, { kind: "crc16-modbus", at: 7 }, "checksum.at", "which has 8 bytes"],
  [{ kind: "length", length: 4 }, { kind: "sum8", at: -5 }, "checksum.at", "which has 4 bytes"],
  [ended, "sum8", "checksum.at", "lies within `end`; write -2 or less"],
  [ended, { kind: "sum8", at: 9 }, "checksum.at", "lies within `end`"],
  [ended, { kind: "sum8", at: 0, from: 1 }, "checksum.at", "lies within `start`; write 1 or more"],
  [said, { kind: "crc16-modbus", at: -2 }, "checksum.at", "lies within `end`; write -3 or less"],
  [said, { kind: "sum8", at: 2 }, "checksum.at", "says its length"],
])("of %j and %j, %s is said to be wrong", (frame, check, path, sentence) => {
  const problems = disagreements(framing.parse(frame), checksum.parse(check));
  expect(problems.map((problem) => problem.path.join("."))).toEqual([path]);
  expect(problems[0]?.message).toContain(sentence);
});

test.each([
  [{ kind: "line", start: "$" }, "nmea"],
  [ended, { kind: "sum8", from: 2, at: 8 }],
  [ended, { kind: "sum8", at: -2 }],
  [said, { kind: "crc16-modbus", at: -3 }],
  [{ kind: "slip" }, "crc8"],
  [{ kind: "regex", first: "^/", last: "^!" }, "crc16-dsmr"],
])("%j and %j go together", (frame, check) => {
  expect(disagreements(framing.parse(frame), checksum.parse(check))).toEqual([]);
});
