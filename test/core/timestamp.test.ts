import fc from "fast-check";
import { expect, test } from "vitest";
import { printLocalTime, readLocalTime, readTimestamp, utcOffset } from "../../src/core/timestamp.js";

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

test.each([
  ["2026-11-22 09:00", "Europe/Berlin", "2026-11-22T08:00:00Z"],
  ["2026-07-01T9:05:30", "Europe/Berlin", "2026-07-01T07:05:30Z"],
  ["2026-11-22 00:30", "Asia/Kolkata", "2026-11-21T19:00:00Z"],
  ["2026-11-22 09:00", "America/New_York", "2026-11-22T14:00:00Z"],
  // Clocks go forward at 2:00: there is no 2:30. They go back at 3:00: there are two.
  ["2026-03-29 02:30", "Europe/Berlin", "2026-03-29T01:30:00Z"],
  ["2026-10-25 02:30", "Europe/Berlin", "2026-10-25T01:30:00Z"],
])("%s on a clock of %s is %s", (text, timeZone, utc) => {
  expect(readLocalTime(text, timeZone)).toBe(utc);
});

test.each(["2026-02-30 09:00", "2026-11-22", "09:00", "2026-11-22 24:00", "2026-11-22 09:00 CET"])(
  "%s is no time of a clock",
  (text) => {
    expect(readLocalTime(text, "Europe/Berlin")).toBeUndefined();
  },
);

test("a time is printed as clocks show it", () => {
  expect(printLocalTime("2026-11-22T08:00:59.250Z", "Europe/Berlin")).toBe("2026-11-22 09:00");
  expect(printLocalTime("2026-07-01T23:30:00Z", "Europe/Berlin")).toBe("2026-07-02 01:30");
  expect(printLocalTime("2026-11-22T08:00:00Z", "UTC")).toBe("2026-11-22 08:00 UTC");
  expect(printLocalTime("noon", "UTC")).toBe("noon");
  expect(utcOffset("Asia/Kolkata", 0)).toBe("+05:30");
});
