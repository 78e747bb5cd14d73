import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HttpFailure, type HttpFailureKind } from "../../../adapters/http/client/failure.js";
import { delayAfter, isLost } from "../../../adapters/http/poll-delay.js";

const second = 1_000;

function failure(
  kind: HttpFailureKind = "unreachable",
  details: { status?: number; retryAfter?: number } = {},
) {
  return new HttpFailure(kind, "no answer", details);
}

describe("the pause after failures, at its longest,", () => {
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(1));
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    ["10s", 10, [5, 10, 20, 40, 80, 160, 300, 300]],
    ["1m", 60, [5, 10, 60, 60, 80, 160, 300, 300]],
    ["1h", 3600, [5, 10, 3600, 3600]],
  ])(
    "of what is asked every %s grows from 5 s to 5 minutes, and is never shorter than that once it is lost",
    (_, every, pauses) => {
      const found = pauses.map((_, count) => delayAfter(failure(), count + 1, every * second) / second);
      expect(found).toEqual(pauses);
    },
  );

  test.each([
    [failure("unauthorized", { status: 401 }), 60],
    [failure("status", { status: 404 }), 60],
    [failure("status", { status: 429 }), 60],
    [failure("status", { status: 503, retryAfter: 2 * second }), 60],
    [failure("status", { status: 503, retryAfter: 600 * second }), 600],
    [failure("status", { status: 500 }), 5],
  ])("does not hurry after %o", (given, pause) => {
    expect(delayAfter(given, 1, 60 * second)).toBe(pause * second);
  });
});

test("three failures in a row take a device away, a refusal at once", () => {
  const after = (given: HttpFailure) => [1, 2, 3].map((failures) => isLost(given, failures));
  expect(after(failure())).toEqual([false, false, true]);
  expect(after(failure("status", { status: 500 }))).toEqual([false, false, true]);
  expect(after(failure("status", { status: 403 }))).toEqual([true, true, true]);
});
