import { expect, test } from "vitest";
import { limited, RuleDisabled, TooMuchWork } from "../../../adapters/payload/work-limit.js";

/** A rule that takes as many milliseconds as it is given. */
function aRule() {
  let now = 0;
  return limited(
    "The rule",
    (milliseconds: number) => {
      now += milliseconds;
      if (milliseconds > 100) throw new TooMuchWork("It gave up.");
      return "done";
    },
    () => now,
  );
}

test("disables a rule that takes too long three times in a row, and says so once", () => {
  const rule = aRule();
  expect(rule(11)).toBe("done");
  expect(rule(11)).toBe("done");
  expect(() => rule(11)).toThrow(RuleDisabled);
  expect(rule(1)).toBeUndefined();
});

test("forgives a rule that was slow now and then", () => {
  const rule = aRule();
  for (let round = 0; round < 5; round += 1) {
    expect([rule(11), rule(11), rule(10)]).toEqual(["done", "done", "done"]);
  }
});

test("does not blame a rule for a pause of the process, or for its first time", () => {
  let now = 0;
  let pause = 0;
  const rule = limited(
    "The rule",
    () => {
      now += 1 + pause;
      pause = 0;
      return "done";
    },
    () => now,
  );
  for (let round = 0; round < 5; round += 1) {
    pause = 1000;
    expect(rule(undefined)).toBe("done");
  }
});

test("counts the times that a rule gave up", () => {
  const rule = aRule();
  expect(() => rule(101)).toThrow("It gave up.");
  expect(() => rule(101)).toThrow("It gave up.");
  expect(() => rule(101)).toThrow(
    "The rule went over 10 ms of work 3 times in a row and is disabled until the next start; a simpler one would be read.",
  );
  expect(rule(1)).toBeUndefined();
});
