import { afterEach, expect, test, vi } from "vitest";
import { retryDelay } from "../../src/core/backoff.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("doubles from the first to the longest, and stays there", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  const backoff = { first: 1000, longest: 8000 };
  expect([0, 1, 2, 3, 4, 2000].map((failures) => retryDelay(failures, backoff))).toEqual([
    1000, 2000, 4000, 8000, 8000, 8000,
  ]);
});

test("differs from one link to the next by up to half", () => {
  vi.spyOn(Math, "random").mockReturnValueOnce(0).mockReturnValueOnce(0.5);
  const backoff = { first: 1000, longest: 8000 };
  expect([retryDelay(1, backoff), retryDelay(1, backoff)]).toEqual([1000, 1500]);
});
