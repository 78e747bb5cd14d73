import { expect, test } from "vitest";
import { retryAfterOf } from "../../../../adapters/http/client/retry-after.js";

const now = Date.parse("2026-11-25T08:00:00Z");

test.each([
  ["120", 120_000],
  [" 0 ", 0],
  ["Wed, 25 Nov 2026 08:01:30 GMT", 90_000],
  ["Wed, 25 Nov 2026 07:00:00 GMT", 0],
  ["999999999999999999999", 3_600_000],
  ["Wed, 25 Nov 2099 08:00:00 GMT", 3_600_000],
  ["soon", undefined],
  ["", undefined],
  ["-5", undefined],
  [undefined, undefined],
])("%j means %j milliseconds", (header, milliseconds) => {
  expect(retryAfterOf(header, now)).toBe(milliseconds);
});
