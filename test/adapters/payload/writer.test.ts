import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { conversionShape } from "../../../adapters/payload/conversion.js";
import { Payload } from "../../../adapters/payload/payload.js";
import { readerOf } from "../../../adapters/payload/reader.js";
import { writerOf } from "../../../adapters/payload/writer.js";
import type { CommandValue, ValueSpec } from "../../../src/core/value.js";

const conversion = z.strictObject(conversionShape);
const level: ValueSpec = { kind: "level" };
const cover: ValueSpec = { kind: "cover" };
const lock: ValueSpec = { kind: "lock" };
const choice: ValueSpec = { kind: "choice", options: ["auto", "heat"] };

function write(spec: ValueSpec, address: object, value: CommandValue, template?: string): string {
  return writerOf(spec, conversion.parse(address), template)(value);
}

test.each([
  [{ kind: "switch" }, {}, true, "ON"],
  [{ kind: "switch" }, { on: 1, off: 0 }, true, "1"],
  [{ kind: "switch" }, { on: 1, off: 0 }, false, "0"],
  [{ kind: "switch" }, { on: true, off: false }, false, "false"],
  [{ kind: "number" }, { scale: 0.1 }, 21.3, "213"],
  [{ kind: "number" }, { scale: 1.8, offset: 32 }, 68, "20"],
  [level, {}, 40, "40"],
  [level, { scale: 0.392156862745098 }, 33, "84"],
  [level, { scale: 100 }, 40, "0.4"],
  [cover, {}, 100, "100"],
  [cover, { open: "OPEN", close: "CLOSE" }, 100, "OPEN"],
  [cover, { open: "OPEN", close: "CLOSE" }, 0, "CLOSE"],
  [cover, { open: "OPEN", close: "CLOSE" }, 30, "30"],
  [cover, { scale: -1, offset: 100 }, 30, "70"],
  [cover, {}, "stop", "STOP"],
  [cover, { stop: "halt" }, "stop", "halt"],
  [lock, {}, "lock", "LOCK"],
  [lock, { unlock: 0 }, "unlock", "0"],
  [lock, { open: "latch" }, "open", "latch"],
  [{ kind: "button" }, {}, "press", "PRESS"],
  [{ kind: "button" }, { press: "go" }, "press", "go"],
  [choice, { map: { 3: "auto", 4: "auto" } }, "auto", "3"],
  [choice, { map: { 3: "auto" } }, "heat", "heat"],
  [{ kind: "color" }, {}, "#ff8800", "#ff8800"],
  [{ kind: "number", unit: "K" }, { mired: true }, 2700, "370"],
  [{ kind: "text" }, {}, 'a "b" {value}', 'a "b" {value}'],
] as const)("of %j with %j writes %j as %j", (spec, address, value, wire) => {
  expect(write(spec, address, value)).toBe(wire);
});

test("fills the template with the word of the wire", () => {
  expect(write({ kind: "switch" }, { on: "on" }, true, '{"state": {value}}')).toBe('{"state": "on"}');
  expect(write({ kind: "switch" }, { on: 1 }, true, '{"state": {value}}')).toBe('{"state": 1}');
  expect(write(choice, { map: { 3: "auto" } }, "auto", '{"mode": {value}}')).toBe('{"mode": 3}');
});

// The primaries and the white of sRGB (IEC 61966-2-1), and a colour between them.
test.each([
  ["#ff0000", "0.64,0.33"],
  ["#00ff00", "0.3,0.6"],
  ["#0000ff", "0.15,0.06"],
  ["#ffffff", "0.3127,0.329"],
  ["#000000", "0.3127,0.329"],
  ["#ff8800", "0.5336,0.4145"],
])("fills the template with the CIE x and y of %s", (color, wire) => {
  expect(write({ kind: "color" }, {}, color, "{x},{y}")).toBe(wire);
  expect(write({ kind: "color" }, {}, color, '{"xy": {"x": {x}, "y": {y}}}')).toBe(
    `{"xy": {"x": ${wire.split(",")[0]}, "y": ${wire.split(",")[1]}}}`,
  );
});

test("a colour of full brightness that is written as CIE x and y is read as itself", () => {
  const bright = fc
    .tuple(fc.nat(255), fc.nat(255), fc.constant(255))
    .chain((parts) => fc.shuffledSubarray(parts, { minLength: 3 }));
  fc.assert(
    fc.property(bright, (parts) => {
      const color = `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
      const wire = write({ kind: "color" }, {}, color, '{"x": {x}, "y": {y}}');
      const back = readerOf(
        { kind: "color" },
        conversion.parse({ extract: "$" }),
      )(new Payload(Buffer.from(wire)));
      const difference = parts.map((part, index) =>
        Math.abs(part - Number.parseInt(String(back).slice(1 + 2 * index, 3 + 2 * index), 16)),
      );
      // Four digits of x and y tell dark parts of a bright colour less well.
      expect(Math.max(...difference)).toBeLessThan(16);
    }),
  );
});

test("fills the template with the components of a colour", () => {
  expect(write({ kind: "color" }, {}, "#ff8800", "{red},{green},{blue} {value}")).toBe("255,136,0 #ff8800");
  expect(write({ kind: "color" }, {}, "#ff8800", '{"r": {red}, "g": {green}, "b": {blue}}')).toBe(
    '{"r": 255, "g": 136, "b": 0}',
  );
  expect(write({ kind: "text" }, {}, "a", "{red}")).toBe("{red}");
});

test("what it writes is read back as the same value", () => {
  const scale = fc.constantFrom(1, -1, 0.1, 0.01, 1.8, 100, 0.392156862745098);
  fc.assert(
    fc.property(
      scale,
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: -10_000, max: 10_000 }),
      (scale, offset, tenths) => {
        const address = conversion.parse({ scale, offset });
        const value = tenths / 10;
        const wire = writerOf({ kind: "number" }, address)(value);
        expect(readerOf({ kind: "number" }, address)(new Payload(Buffer.from(wire)))).toBeCloseTo(value, 9);
      },
    ),
  );
});
