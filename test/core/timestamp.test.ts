import fc from "fast-check";
import { expect, test } from "vitest";
import { readTimestamp } from "../../src/core/timestamp.js";

test.each([
  ["2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z"],
  ["2026-11-22 08:00:00z", "2026-11-22T08:00:00Z"],
  ["2026-01-01T00:30:00+05:30", "2025-12-31T19:00:00Z"],
  ["2026-11-22T08:00:00.5Z", "2026-11-22T08:00:00.500Z"],
  ["2026-11-22T08:00:00.123456789-00:00", "2026-11-22T08:00:00.123Z"],
  ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
  ["2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"],
  ["0050-06-01T00:00:00Z", "0050-06-01T00:00:00Z"],
])("%s is %s", (text, utc) => {
  expect(readTimestamp(text)).toBe(utc);
});

test.each([
  "2026-11-22T08:00:00",
  "2026-11-22T08:00Z",
  "2026-11-22",
  "2026-02-30T00:00:00Z",
  "2025-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-11-22T24:00:00Z",
  "2026-11-22T08:00:61Z",
  "2026-11-22T08:00:00+24:00",
  "0000-01-01T00:00:00+01:00",
  "9999-12-31T23:59:59-01:00",
  "noon",
])("%s is no moment of RFC 3339", (text) => {
  expect(readTimestamp(text)).toBeUndefined();
});

test("every moment reads as itself", () => {
  const moments = fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moments, (moment) => {
      const read = readTimestamp(moment.toISOString());
      expect(read === undefined ? Number.NaN : Date.parse(read)).toBe(moment.getTime());
    }),
  );
});
