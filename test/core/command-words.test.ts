import { expect, test } from "vitest";
import { describeCommands } from "../../src/core/command-words.js";
import type { ValueSpec } from "../../src/core/value.js";

test.each<[ValueSpec, string]>([
  [{ kind: "switch" }, "on, off or toggle"],
  [{ kind: "switch", words: "open/closed" }, "open, closed or toggle"],
  [{ kind: "level" }, "on, off, a number from 0 to 100 % or a step such as +10"],
  [{ kind: "cover" }, "open, close, stop or a number from 0 to 100 %"],
  [{ kind: "number", unit: "°C", min: 5, max: 30, step: 0.5 }, "a number from 5 to 30 °C in steps of 0.5"],
  [{ kind: "number", unit: "°C", min: -25, max: -15 }, "a number from -25 to -15 °C; write a minus as =-25"],
  [{ kind: "number", unit: "W", min: 0 }, "a number from 0 W up"],
  [{ kind: "number", max: 9 }, "a number up to 9"],
  [{ kind: "number", unit: "lx" }, "a number in lx"],
  [{ kind: "number" }, "a number"],
  [{ kind: "choice", options: ["eco", "comfort"] }, "one of eco, comfort"],
  [{ kind: "choice", options: [..."abcdefghijklmn"] }, "one of a, b, c, d, e, f, g, h, i, j and 4 more"],
  [{ kind: "lock" }, "lock, unlock or open"],
  [{ kind: "button" }, "press"],
  [{ kind: "contact" }, ""],
  [{ kind: "event" }, ""],
])("%o takes %o", (spec, phrase) => {
  expect(describeCommands(spec)).toBe(phrase);
});
