import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RateGate } from "../../src/core/rate-gate.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("lets one line a minute through for one cause, and says how many it left out", () => {
  const gate = new RateGate();

  expect(gate.allow("lamp")).toEqual({ allowed: true, suppressed: 0 });
  for (let line = 0; line < 41; line += 1) expect(gate.allow("lamp").allowed).toBe(false);
  vi.advanceTimersByTime(59_999);
  expect(gate.allow("lamp")).toEqual({ allowed: false, suppressed: 42 });
  vi.advanceTimersByTime(1);
  expect(gate.allow("lamp")).toEqual({ allowed: true, suppressed: 42 });
  expect(gate.allow("lamp").allowed).toBe(false);
  vi.advanceTimersByTime(60_000);
  expect(gate.allow("lamp")).toEqual({ allowed: true, suppressed: 1 });
});

test("keeps causes apart", () => {
  const gate = new RateGate();
  gate.allow("lamp");

  expect(gate.allow("door").allowed).toBe(true);
});

test("a flood of causes ends in one line for the rest, and room returns with time", () => {
  const gate = new RateGate();
  let allowed = 0;
  for (let cause = 0; cause < 5000; cause += 1) allowed += gate.allow(`cause ${cause}`).allowed ? 1 : 0;

  expect(allowed).toBe(1001);
  expect(gate.allow("cause 1").allowed).toBe(false);
  vi.advanceTimersByTime(60_000);
  expect(gate.allow("one more")).toEqual({ allowed: true, suppressed: 0 });
  expect(gate.allow("two more")).toEqual({ allowed: true, suppressed: 0 });
});
