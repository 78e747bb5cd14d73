import { afterEach, expect, test, vi } from "vitest";
import { retryDelay } from "../../../adapters/mqtt/retry-delay.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("doubles from a second to eight, so that a broker is found within ten after it came back", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  expect([0, 1, 2, 3, 4, 2000].map((failures) => retryDelay(failures, false))).toEqual([
    1000, 2000, 4000, 8000, 8000, 8000,
  ]);
});

test("doubles to five minutes where the broker refuses us", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  expect([0, 4, 8, 9, 2000].map((failures) => retryDelay(failures, true))).toEqual([
    1000, 16_000, 256_000, 300_000, 300_000,
  ]);
});

test("differs from one adapter to the next", () => {
  vi.spyOn(Math, "random").mockReturnValueOnce(0).mockReturnValueOnce(0.5);
  expect([retryDelay(1, false), retryDelay(1, false)]).toEqual([1000, 1500]);
});
