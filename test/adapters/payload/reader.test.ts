import { describe, expect, test } from "vitest";
import { z } from "zod";
import { conversionShape } from "../../../adapters/payload/conversion.js";
import { Payload } from "../../../adapters/payload/payload.js";
import { readerOf } from "../../../adapters/payload/reader.js";
import type { ValueSpec } from "../../../src/core/value.js";

const conversion = z.strictObject(conversionShape);

function read(spec: ValueSpec, address: object, bytes: string | Uint8Array): unknown {
  const payload = new Payload(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  return readerOf(spec, conversion.parse(address))(payload);
}

const level: ValueSpec = { kind: "level" };
const celsius: ValueSpec = { kind: "number", unit: "°C" };
const json = '{"temp": 21.5, "state": 1, "on": true, "unknown": null, "deep": {"text": "a\\u0001b"}}';

describe("two states", () => {
  test.each(["ON", "on", "true", "1", " On\n"])("reads %j as true where nothing else is said", (text) => {
    expect(read({ kind: "switch" }, {}, text)).toBe(true);
  });

  test("reads the usual words of the channel's class", () => {
    expect(read({ kind: "contact" }, {}, "open")).toBe(true);
    expect(read({ kind: "contact" }, {}, "closed")).toBe(false);
    expect(read({ kind: "switch", words: "wet/dry" }, {}, "dry")).toBe(false);
  });

  test.each([
    [{ on: 1, off: 0 }, "1", true],
    [{ on: "1", off: "0" }, "0", false],
    [{ on: 0, off: 1 }, "0", true],
    [{ on: 0, off: 1 }, "1", false],
    [{ on: 0 }, "0", true],
    [{ on: 0 }, "OFF", false],
    [{ extract: "$.state", on: 1, off: 0 }, json, true],
    [{ extract: "$.on" }, json, true],
    [{ extract: "$.on", on: "on", off: "off" }, json, true],
    [{ extract: "$.on", on: false, off: true }, json, false],
    [{ map: { opened: true }, on: "open", off: "close" }, "opened", true],
    [{ map: { running: true, idle: false } }, "running", true],
  ])("with %j reads %s as %s", (address, text, value) => {
    expect(read({ kind: "switch" }, address, text)).toBe(value);
  });

  test("refuses words that the configuration replaced, and any other", () => {
    expect(() => read({ kind: "switch" }, { on: 1, off: 0 }, "ON")).toThrow('"ON" is neither 1 nor 0.');
    expect(() => read({ kind: "switch" }, {}, "maybe")).toThrow('"maybe" is neither ON nor OFF.');
    expect(() => read({ kind: "switch" }, { extract: "$.deep" }, json)).toThrow(
      "An object is no plain word.",
    );
  });
});

describe("measures", () => {
  test.each([
    [celsius, {}, "21.5", 21.5],
    [celsius, {}, "21,5", 21.5],
    [celsius, {}, "21.5 °C", 21.5],
    [celsius, { extract: "$.temp" }, json, 21.5],
    [celsius, { scale: 0.1 }, "213", 21.3],
    [{ kind: "number", unit: "K" }, { mired: true }, "370", 2703],
    [celsius, { scale: 1.8, offset: 32 }, "20", 68],
    [level, { scale: 0.392156862745098 }, "255", 100],
    [level, {}, "OFF", 0],
    [{ kind: "cover" }, {}, "40", 40],
    [{ kind: "cover" }, { scale: -1, offset: 100 }, "30", 70],
    [{ kind: "cover" }, {}, "OPEN", 100],
    [{ kind: "cover" }, {}, "closed", 0],
    [{ kind: "cover" }, {}, "opening", undefined],
    [{ kind: "cover" }, { open: 1, close: 0 }, "1", 100],
  ] as const)("of %j with %j reads %s as %s", (spec, address, text, value) => {
    expect(read(spec, address, text)).toBe(value);
  });

  test("refuses what is no number or beyond what is believed", () => {
    expect(() => read(celsius, {}, "warm")).toThrow('"warm" is no number.');
    expect(() => read(celsius, {}, "NaN")).toThrow('"NaN" is no number.');
    expect(() => read(celsius, {}, "21 K")).toThrow('"21 K" is no number.');
    expect(() => read(celsius, { extract: "$.on" }, json)).toThrow("true is no number.");
    expect(() => read(celsius, { min: -40, max: 60 }, "85")).toThrow("85 is outside -40 to 60.");
    expect(read(celsius, { min: -40, max: 60 }, "-40")).toBe(-40);
  });
});

describe("words", () => {
  test("of a lock are those it is told, else its states", () => {
    expect(read({ kind: "lock" }, { lock: 1, unlock: 0 }, "1")).toBe("locked");
    expect(read({ kind: "lock" }, { lock: 1, unlock: 0 }, "0")).toBe("unlocked");
    expect(read({ kind: "lock" }, {}, "JAMMED")).toBe("jammed");
  });

  test("of a choice pass through the map", () => {
    const choice: ValueSpec = { kind: "choice", options: ["auto", "heat"] };
    expect(read(choice, { map: { 3: "auto" } }, "3")).toBe("auto");
    expect(read(choice, { map: { 3: "auto" } }, "heat")).toBe("heat");
    expect(read(choice, { map: { 3: "auto" } }, "constructor")).toBe("constructor");
  });

  test("of a text stay as they are", () => {
    expect(read({ kind: "text" }, {}, "  two  spaces \n")).toBe("  two  spaces \n");
    expect(read({ kind: "text" }, { extract: "$.deep" }, json)).toBe('{"text":"a\\u0001b"}');
    expect(read({ kind: "text" }, {}, Buffer.from([0x41, 0xff, 0xc3, 0x28]))).toBe("A\ufffd\ufffd(");
    expect(read({ kind: "text" }, {}, "")).toBe("");
  });
});

test("says nothing for an empty message, null, and a path that leads nowhere", () => {
  expect(read({ kind: "switch" }, {}, "")).toBeUndefined();
  expect(read(celsius, { extract: "$.temp" }, "")).toBeUndefined();
  expect(read(celsius, { extract: "$.unknown" }, json)).toBeUndefined();
  expect(read(celsius, { extract: "$.humidity" }, json)).toBeUndefined();
});

test("reads a location from JSON and an image from its first bytes", () => {
  expect(read({ kind: "location" }, {}, '{"lat": 52.5, "lon": 13.4}')).toEqual({ lat: 52.5, lon: 13.4 });
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(96)]);
  expect(read({ kind: "image" }, {}, jpeg)).toEqual({ contentType: "image/jpeg", size: 100 });
  expect(read({ kind: "image" }, {}, "RIFF\0\0\0\0WEBPVP8 ")).toMatchObject({ contentType: "image/webp" });
  expect(read({ kind: "image" }, {}, "?")).toEqual({ contentType: "application/octet-stream", size: 1 });
});
