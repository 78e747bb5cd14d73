import fc from "fast-check";
import { expect, test } from "vitest";
import { GatewayError } from "../../src/core/errors.js";
import { sameValue, type ValueSpec } from "../../src/core/value.js";
import { parseCommand, parseReport } from "../../src/core/value-parse.js";

const kinds: readonly ValueSpec[] = [
  { kind: "switch" },
  { kind: "contact" },
  { kind: "level" },
  { kind: "color" },
  { kind: "cover" },
  { kind: "number", unit: "°C", min: 5, max: 30, step: 0.5 },
  { kind: "number" },
  { kind: "text" },
  { kind: "choice", options: ["eco", "comfort", "armed_home"] },
  { kind: "lock" },
  { kind: "datetime" },
  { kind: "location" },
  { kind: "image" },
  { kind: "button" },
  { kind: "event" },
];

test("a report, once parsed, parses to itself through JSON", () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), anyInput(), (spec, raw) => {
      const value = unlessRefused(() => parseReport(spec, raw));
      if (value === undefined) return;
      expect(sameValue(parseReport(spec, JSON.parse(JSON.stringify(value))), value)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a command is a value of its kind or a GatewayError, whatever came", () => {
  const current = fc.option(fc.oneof(fc.boolean(), fc.double(), fc.string()), { nil: undefined });
  fc.assert(
    fc.property(fc.constantFrom(...kinds), anyInput(), current, (spec, input, before) => {
      const value = unlessRefused(() => parseCommand(spec, input, before));
      if (value === undefined) return;
      if (spec.kind === "level") expect(value).toSatisfy(isWithin(0, 100));
      if (spec.kind === "cover" && value !== "stop") expect(value).toSatisfy(isWithin(0, 100));
      if (spec.kind === "number")
        expect(value).toSatisfy(isWithin(spec.min ?? -Infinity, spec.max ?? Infinity));
      if (spec.kind === "choice") expect(spec.options).toContain(value);
      if (spec.kind === "color") expect(value).toMatch(/^#[0-9a-f]{6}$/);
      // What a device was told must be a command again when it is repeated.
      if (typeof value === "string" || typeof value === "boolean") {
        expect(parseCommand(spec, value, before)).toBe(value);
      }
    }),
    { numRuns: 3000 },
  );
});

/** JSON, with the words and near-words of every kind far more often than chance would bring them. */
function anyInput(): fc.Arbitrary<unknown> {
  const words = fc.constantFrom(
    ..."on,off,OPEN,closed,close,stop,toggle,lock,unlock,locked,jammed,press,eco,Armed Home,red,#abc,#A1B2C3".split(
      ",",
    ),
    ..."+10,-10,=-5,21.5,21;30,-0,1e400,40 %,21.5 °C,70 °F,2026-11-22T08:00:00+01:00,2026-02-30T08:00:00Z".split(
      ",",
    ),
  );
  const place = fc.record({ lat: fc.jsonValue(), lon: fc.jsonValue(), accuracy: fc.jsonValue() });
  const validPlace = fc.record({
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  const image = fc.record({
    contentType: fc.constantFrom("image/png", "image/svg+xml", "text/html"),
    size: fc.nat(),
    url: fc.oneof(fc.webUrl(), fc.string()),
  });
  const time = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const amount = fc.double().map((value) => `${value < 0 ? "" : "+"}${value}`);
  return fc.oneof(fc.jsonValue(), words, place, validPlace, image, time, amount, fc.double(), fc.anything());
}

function unlessRefused<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    return undefined;
  }
}

function isWithin(min: number, max: number): (value: unknown) => boolean {
  return (value) => typeof value === "number" && Number.isFinite(value) && value >= min && value <= max;
}
