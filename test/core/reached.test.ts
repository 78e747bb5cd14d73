import { describe, expect, test } from "vitest";
import { judge, type Verdict } from "../../src/core/reached.js";
import type { CommandValue, Value, ValueSpec } from "../../src/core/value.js";

test.each<[ValueSpec, CommandValue, Value, Verdict]>([
  [{ kind: "switch" }, true, true, "reached"],
  [{ kind: "switch" }, true, false, "not-yet"],
  [{ kind: "number", step: 0.5, min: 0, max: 1000 }, 21.5, 21.25, "reached"],
  [{ kind: "number", step: 0.5, min: 0, max: 1000 }, 21.5, 21.2, "not-yet"],
  [{ kind: "number", step: 0.1 }, 21.5, 21.45, "reached"],
  [{ kind: "number", min: 0, max: 200 }, 100, 98, "reached"],
  [{ kind: "number", min: 0, max: 200 }, 100, 97.9, "not-yet"],
  [{ kind: "number", min: 0 }, 0.3, 0.1 + 0.2, "reached"],
  [{ kind: "number", min: 0 }, 100, 100.001, "not-yet"],
  [{ kind: "level" }, 40, 39.2, "reached"],
  [{ kind: "level" }, 40, 38.9, "not-yet"],
  [{ kind: "color" }, "#ff8800", "#fd8a02", "reached"],
  [{ kind: "color" }, "#ff8800", "#ff8b00", "not-yet"],
  [{ kind: "lock" }, "lock", "locked", "reached"],
  [{ kind: "lock" }, "unlock", "unlocked", "reached"],
  [{ kind: "lock" }, "open", "unlocked", "reached"],
  [{ kind: "lock" }, "lock", "unlocked", "not-yet"],
  [{ kind: "lock" }, "lock", "locking", "not-yet"],
  [{ kind: "lock" }, "unlock", "locked", "not-yet"],
  [{ kind: "lock" }, "lock", "jammed", "failed"],
  [{ kind: "choice", options: ["eco"] }, "eco", "eco", "reached"],
  [{ kind: "text" }, "hello", "Hello", "not-yet"],
  [{ kind: "datetime" }, "2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z", "reached"],
  [{ kind: "button" }, "press", "press", "not-yet"],
])("%o asked for %o that reports %o: %s", (spec, wanted, reported, verdict) => {
  expect(judge(spec, wanted, reported, undefined)).toBe(verdict);
});

describe("a cover", () => {
  const cover: ValueSpec = { kind: "cover" };
  const closed = 0;

  test("has stopped with its first report after stop", () => {
    expect(judge(cover, "stop", 37, closed)).toBe("reached");
  });

  test("is at the end when it is within one per cent of it", () => {
    expect(judge(cover, 100, 99, closed, 80)).toBe("reached");
  });

  test("that opens has come to its end when it stands still elsewhere than it started", () => {
    expect(judge(cover, 100, 80, closed, 60)).toBe("not-yet");
    expect(judge(cover, 100, 80, closed, 80)).toBe("reached");
  });

  test("that has not begun to move has not come to its end", () => {
    expect(judge(cover, 100, closed, closed, closed)).toBe("not-yet");
    expect(judge(cover, 100, 80, undefined, 80)).toBe("not-yet");
  });

  test("that stands still on the way to a position has not reached it", () => {
    expect(judge(cover, 50, 30, closed, 30)).toBe("not-yet");
  });
});
