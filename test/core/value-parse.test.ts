import { describe, expect, test } from "vitest";
import { GatewayError } from "../../src/core/errors.js";
import type { Value, ValueSpec } from "../../src/core/value.js";
import { isRelative, parseCommand, parseReport } from "../../src/core/value-parse.js";

const celsius: ValueSpec = { kind: "number", unit: "°C", min: 5, max: 30, step: 0.5 };
const modes: ValueSpec = { kind: "choice", options: ["eco", "comfort", "armed_home"] };

function failureOf(act: () => unknown): GatewayError {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a report", () => {
  test.each<[ValueSpec, unknown, Value]>([
    [{ kind: "switch" }, true, true],
    [{ kind: "switch" }, " ON ", true],
    [{ kind: "switch" }, 0, false],
    [{ kind: "switch" }, "1", true],
    [{ kind: "switch" }, "False", false],
    [{ kind: "contact" }, "open", true],
    [{ kind: "contact" }, "CLOSED", false],
    [{ kind: "switch", words: "wet/dry" }, "dry", false],
    [{ kind: "switch", words: "detected/clear" }, "clear", false],
    [{ kind: "level" }, 40, 40],
    [{ kind: "level" }, "1", 1],
    [{ kind: "level" }, "40 %", 40],
    [{ kind: "level" }, 100.0000000001, 100],
    [{ kind: "level" }, "OFF", 0],
    [{ kind: "cover" }, "closed", 0],
    [{ kind: "cover" }, 33.5, 33.5],
    [{ kind: "color" }, "#F80", "#ff8800"],
    [{ kind: "color" }, "FF8800", "#ff8800"],
    [{ kind: "color" }, "Dark Orange", "#ff8c00"],
    [celsius, "21,5", 21.5],
    [celsius, "21.5°C", 21.5],
    [celsius, -40.3, -40.3],
    [celsius, "-3.25", -3.25],
    [celsius, -0, 0],
    [{ kind: "text" }, 21.5, "21.5"],
    [{ kind: "text" }, "  as it came\u0001 ", "  as it came\u0001 "],
    [modes, "ECO", "eco"],
    [{ kind: "choice", options: ["1", "2"] }, 2, "2"],
    [{ kind: "choice", options: ["Eco", "eco"] }, "eco", "eco"],
    [{ kind: "lock" }, "Jammed", "jammed"],
    [{ kind: "lock" }, "LOCK", "locked"],
    [{ kind: "datetime" }, "2026-11-22T09:30:00+01:00", "2026-11-22T08:30:00Z"],
    [{ kind: "location" }, { lat: "52.52", lon: 13.405, source: "gps" }, { lat: 52.52, lon: 13.405 }],
    [{ kind: "location" }, { lat: 0, lon: 0, accuracy: 20 }, { lat: 0, lon: 0, accuracy: 20 }],
    [{ kind: "image" }, { contentType: "image/jpeg", size: 9 }, { contentType: "image/jpeg", size: 9 }],
  ])("of %o that says %o is %o", (spec, raw, value) => {
    expect(parseReport(spec, raw)).toStrictEqual(value);
  });

  test.each<[ValueSpec, unknown, string]>([
    [{ kind: "switch" }, "maybe", '"maybe" is neither on nor off.'],
    [{ kind: "contact" }, 2, "2 is neither open nor closed."],
    [{ kind: "level" }, 101, "101 is not between 0 and 100 %."],
    [{ kind: "level" }, "-1", "-1 is not between 0 and 100 %."],
    [{ kind: "cover" }, "opening", '"opening" is not a number in %.'],
    [celsius, "warm", '"warm" is not a number in °C.'],
    [celsius, "70 °F", '"70 °F" is not a number in °C.'],
    [celsius, Number.NaN, "NaN is not a number in °C."],
    [celsius, "1e999", '"1e999" is not a number in °C.'],
    [{ kind: "number" }, null, "null is not a number."],
    [{ kind: "number" }, "12 34", '"12 34" is not a number.'],
    [{ kind: "number" }, "1,234.5", '"1,234.5" is not a number.'],
    [{ kind: "number" }, "0x1f", '"0x1f" is not a number.'],
    [{ kind: "text" }, { a: 1 }, "An object is not a text."],
    [{ kind: "text" }, "x".repeat(614_400), "A text of 614400 characters is longer than 65536."],
    [{ kind: "color" }, "255,128,0", '"255,128,0" is not a colour such as #ff8800.'],
    [modes, "turbo", '"turbo" is not one of eco, comfort, armed_home.'],
    [{ kind: "choice", options: ["Eco", "eco"] }, "ECO", '"ECO" is not one of Eco, eco.'],
    [{ kind: "lock" }, true, "true is not the state of a lock."],
    [{ kind: "datetime" }, 1_700_000_000, "1700000000 is not a time such as 2026-11-22T08:00:00Z."],
    [{ kind: "location" }, { lat: 91, lon: 0 }, "91 is not a latitude from -90 to 90."],
    [{ kind: "location" }, { lat: 9 }, "Nothing is not a longitude from -180 to 180."],
    [{ kind: "location" }, [52, 13], "A list is not a place such as {lat, lon}."],
    [{ kind: "location" }, { lat: 1, lon: 1, accuracy: -1 }, "-1 is not an accuracy in metres."],
    [
      { kind: "image" },
      { contentType: "text/html", size: 1 },
      '"text/html" is not a content type such as image/jpeg.',
    ],
    [{ kind: "image" }, { contentType: "image/png", size: 1.5 }, "1.5 is not a size in bytes."],
    [
      { kind: "image" },
      { contentType: "image/png", size: 1, url: "javascript:alert(1)" },
      '"javascript:alert(1)" is not the address of a picture.',
    ],
    [{ kind: "button" }, "press", "A button has no value to report."],
    [{ kind: "event" }, {}, "An event has no value to report."],
  ])("of %o that says %o is refused", (spec, raw, sentence) => {
    const failure = failureOf(() => parseReport(spec, raw));

    expect([failure.code, failure.message]).toEqual(["value-invalid", sentence]);
  });

  test("is quoted short, however long it was", () => {
    expect(failureOf(() => parseReport(celsius, "a".repeat(100_000))).message.length).toBeLessThan(120);
  });
});

describe("a command", () => {
  test.each<[ValueSpec, unknown, Value | undefined, Value]>([
    [{ kind: "switch" }, "ON", undefined, true],
    [{ kind: "switch" }, false, undefined, false],
    [{ kind: "switch" }, "toggle", true, false],
    [{ kind: "switch", words: "open/closed" }, "close", undefined, false],
    [{ kind: "switch", words: "open/closed" }, "Open", undefined, true],
    [{ kind: "level" }, "on", undefined, 100],
    [{ kind: "level" }, "Off", undefined, 0],
    [{ kind: "level" }, "40%", undefined, 40],
    [{ kind: "level" }, "+10 %", 95, 100],
    [{ kind: "cover" }, "open", undefined, 100],
    [{ kind: "cover" }, "CLOSE", undefined, 0],
    [{ kind: "cover" }, "stop", undefined, "stop"],
    [{ kind: "cover" }, "40 %", undefined, 40],
    [celsius, "21,5", undefined, 21.5],
    [{ kind: "color" }, "Orange", undefined, "#ffa500"],
    [{ kind: "text" }, " hello ", undefined, " hello "],
    [modes, "Armed home", undefined, "armed_home"],
    [{ kind: "lock" }, "UNLOCK", undefined, "unlock"],
    [{ kind: "datetime" }, "2026-11-22T08:00:00.250+00:00", undefined, "2026-11-22T08:00:00.250Z"],
    [{ kind: "button" }, "Press", undefined, "press"],
  ])("to %o that says %o at %o is %o", (spec, input, current, value) => {
    expect(parseCommand(spec, input, current)).toStrictEqual(value);
  });

  test.each<[ValueSpec, unknown, string]>([
    [{ kind: "switch" }, "open", '"open" is not understood: this channel takes on, off or toggle.'],
    [{ kind: "switch" }, null, "null is not understood: this channel takes on, off or toggle."],
    [
      { kind: "switch" },
      "toggle",
      "The present value is not known, so there is nothing to toggle: say on or off.",
    ],
    [
      { kind: "level" },
      "toggle",
      '"toggle" is not understood: this channel takes on, off, a number from 0 to 100 % or a step such as +10.',
    ],
    [
      { kind: "cover" },
      "+10",
      '"+10" is not understood: this channel takes open, close, stop or a number from 0 to 100 %.',
    ],
    [{ kind: "lock" }, true, "true is not understood: this channel takes lock, unlock or open."],
    [
      modes,
      "confort",
      '"confort" is not understood: this channel takes one of eco, comfort, armed_home. Did you mean comfort?',
    ],
    [
      { kind: "color" },
      "ornage",
      '"ornage" is not understood: this channel takes a colour such as orange or #ff8800. Did you mean orange?',
    ],
    [
      { kind: "datetime" },
      "tomorrow",
      '"tomorrow" is not understood: this channel takes a date and time such as 2026-11-22T08:00:00Z.',
    ],
    [{ kind: "button" }, true, "true is not understood: this channel takes press."],
  ])("to %o that says %o is refused with what would be right", (spec, input, sentence) => {
    const failure = failureOf(() => parseCommand(spec, input, undefined));

    expect([failure.code, failure.message]).toEqual(["value-invalid", sentence]);
  });

  test.each(["contact", "location", "image", "event"] as const)(
    "to a %s says that it can only be read",
    (kind) => {
      expect(failureOf(() => parseCommand({ kind }, "on", true))).toMatchObject({
        code: "channel-read-only",
        message: expect.stringMatching(/^This channel can only be read, for it is an? /),
      });
    },
  );
});

test.each([
  ["toggle", true],
  [" Toggle ", true],
  ["+10", true],
  ["-5 %", true],
  ["−0,5", true],
  ["=-5", false],
  ["40%", false],
  ["on", false],
  ["-", false],
  [-5, false],
  [true, false],
  [undefined, false],
])("whether %o depends on the present value: %o", (input, expected) => {
  expect(isRelative(input)).toBe(expected);
});
