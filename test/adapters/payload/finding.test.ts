import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Conversion, conversionShape, misfits } from "../../../adapters/payload/conversion.js";
import { eventReaderOf } from "../../../adapters/payload/event-reader.js";
import { Payload } from "../../../adapters/payload/payload.js";
import { readerOf } from "../../../adapters/payload/reader.js";
import { GatewayError } from "../../../src/core/errors.js";
import type { ValueSpec } from "../../../src/core/value.js";

const conversion = z.strictObject(conversionShape);

function read(spec: ValueSpec, address: object, bytes: string | Uint8Array): unknown {
  const payload = new Payload(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  return readerOf(spec, conversion.parse(address))(payload);
}

function fault(address: object): string | undefined {
  return conversion.safeParse(address).error?.issues[0]?.message;
}

const text: ValueSpec = { kind: "text" };
const number: ValueSpec = { kind: "number" };

describe("match", () => {
  test.each([
    ["^P=(?<value>[0-9.]+)$", "P=1.6", "1.6"],
    ["^(P|Q)=(?<value>[0-9.]+)$", "Q=1.6", "1.6"],
    ["level ([0-9]+)", "the level 40 is", "40"],
    ["[0-9]+", "the level 40 is", "40"],
    ["^a(b)?c$", "ac", undefined],
    ["^P=([0-9.]+)$", "T=21", undefined],
    ["(?i)état (\\pL+)", "État été", "été"],
  ])("%s finds in %j %j", (match, payload, value) => {
    expect(read(text, { match }, payload)).toBe(value);
  });

  test("serves a switch and an event", () => {
    const pump = { match: "^PUMP=(?<value>0|1)$", on: 1, off: 0 };
    expect(read({ kind: "switch" }, pump, "PUMP=1")).toBe(true);
    expect(read({ kind: "switch" }, pump, "P=1.2")).toBeUndefined();
    const ring = eventReaderOf(conversion.parse({ match: "^BTN (\\w+)$" }));
    expect(ring(new Payload(Buffer.from("BTN double")))).toEqual({ type: "double" });
    expect(ring(new Payload(Buffer.from("P=1.2")))).toBeUndefined();
  });

  test("looks at what another way found", () => {
    const address = { extract: "$.text", match: "([0-9.]+) V" };
    expect(read(number, address, '{"text": "battery 3.1 V"}')).toBe(3.1);
    expect(read(number, address, '{"text": null}')).toBeUndefined();
    expect(read(number, { extract: "$.list", match: "\\[(\\d+)," }, '{"list": [7, 8]}')).toBe(7);
  });

  test("is refused where it is no expression of linear time", () => {
    expect(fault({ match: "a(b" })).toBe(
      'is no regular expression (missing closing ): `a(b`); write for example "^P=(?<value>[0-9.]+)$", in the syntax of RE2',
    );
    expect(fault({ match: "(?=a)b" })).toContain("invalid or unsupported Perl syntax: `(?=`");
    expect(fault({ match: "a".repeat(5000) })).toBe("is longer than 4096 characters");
    expect(fault({ match: "" })).toBe("is empty; it would find nothing");
  });

  test("refuses a text that is too long for a large expression", () => {
    expect(() => read(text, { match: "(a?){1000}b" }, "a".repeat(60_000))).toThrow(
      'The expression "(a?){1000}b" is too large for a text of 60000 characters.',
    );
  });
});

describe("key", () => {
  const rflink = "20;2D;Oregon TempHygro;ID=2D0A;TEMP=00cf;HUM=16;BAT=OK;";

  test.each([
    ["T", "T=21.5 H=40", "21.5"],
    ["H", "T=21.5 H=40\r\n", "40"],
    ["T", "T=21,5 H=40", "21,5"],
    ["T", "T = 21.5 °C, H = 40 %", "21.5 °C"],
    ["hum", "temp:21.5,hum:40", "40"],
    ["temp", "temp:21.5,hum:40", "21.5"],
    ["ID", rflink, "2D0A"],
    ["BAT", rflink, "OK"],
    ["name", 'name="Living room"; x=1', "Living room"],
    ["a", "a=1&b=2", "1"],
    ["b", "a=1\nb=2", "2"],
    ["b", "a=1\nb=2\nb=3", "2"],
    ["at", "at=12:30:00 x=1", "12:30:00"],
    ["EM", "TEMP=1", undefined],
    ["constructor", "TEMP=1", undefined],
  ])("%s stands in %j for %j", (key, payload, value) => {
    expect(read(text, { key }, payload)).toBe(value);
  });

  test("says nothing where the key has no value", () => {
    expect(read(number, { key: "T" }, "T=;H=40")).toBeUndefined();
  });

  test("is refused where it could never be found", () => {
    expect(fault({ key: "T=" })).toBe("is no key; write for example TEMP, for a text such as TEMP=21.5");
  });

  test.each([
    ["sign-bit", "00cf", 20.7],
    ["sign-bit", "80cf", -20.7],
    ["sign-bit", "8000", 0],
    ["twos-complement", "FF38", -20],
    ["twos-complement", "0xC8", -5.6],
    ["unsigned", "80cf", 3297.5],
  ])("with hex: %s reads TEMP=%s as %d", (hex, digits, value) => {
    expect(read(number, { key: "TEMP", hex, scale: 0.1 }, `20;2D;X;TEMP=${digits};`)).toBe(value);
  });

  test("with hex refuses what has other digits", () => {
    expect(() => read(number, { key: "TEMP", hex: "unsigned" }, "TEMP=2g")).toThrow(
      '"2g" is no hexadecimal number.',
    );
  });
});

describe("bytes", () => {
  // A dust sensor's frame: AA C0, two measures, an id, the sum, AB.
  const dust = Uint8Array.of(0xaa, 0xc0, 0xd4, 0x04, 0x3a, 0x0a, 0xa1, 0x60, 0x1d, 0xab);

  test.each([
    [{ at: 2, type: "uint16le" }, 1236],
    [{ at: 2, type: "uint16be" }, 54_276],
    [{ at: 2, type: "int16be" }, -11_260],
    [{ at: -1, type: "uint8" }, 171],
    [{ at: 0, type: "int8" }, -86],
    [{ at: 2, type: "uint24le" }, 0x3a04d4],
    [{ at: 2, type: "uint24be" }, 0xd4043a],
    [{ at: 2, type: "uint32le" }, 0x0a3a04d4],
    [{ at: 0, type: "uint32be" }, 0xaac0d404],
    [{ at: 0, type: "int32be" }, -1430203388],
    [{ at: 3, type: "uint8", bit: 2 }, 1],
    [{ at: 3, type: "uint8", bit: 3 }, 0],
    [{ at: 0, type: "uint32be", bit: 31 }, 1],
    [{ at: 6, type: "uint8", mask: 0xf0 }, 10],
    [{ at: 0, type: "uint32be", mask: 0xff000000 }, 0xaa],
    [{ at: 7, type: "bcd", length: 1 }, 60],
  ])("%j is %d", (bytes, value) => {
    expect(read(number, { bytes }, dust)).toBe(value);
  });

  test("reads floating numbers without the noise of their size", () => {
    const frame = Buffer.alloc(12);
    frame.writeFloatBE(229.3, 0);
    frame.writeDoubleLE(229.3, 4);
    expect(read(number, { bytes: { at: 0, type: "float32be" } }, frame)).toBe(229.3);
    expect(read(number, { bytes: { at: 4, type: "float64le" } }, frame)).toBe(229.3);
    frame.writeFloatBE(Number.NaN, 0);
    expect(() => read(number, { bytes: { at: 0, type: "float32be" } }, frame)).toThrow("NaN is no number.");
  });

  test("reads text and digits, to the end where no length is given", () => {
    const frame = Buffer.from("\u0001name\0\0 1a");
    expect(read(text, { bytes: { at: 1, type: "text", length: 6 } }, frame)).toBe("name");
    expect(read(text, { bytes: { at: -2, type: "hex" } }, frame)).toBe("3161");
    expect(read(text, { bytes: { at: 0, type: "text" }, match: "([a-z]+)" }, frame)).toBe("name");
    expect(() => read(number, { bytes: { at: -1, type: "bcd", length: 1 } }, Buffer.of(0x1a))).toThrow(
      "1a is no number in BCD.",
    );
  });

  test("refuses a frame that is too short", () => {
    expect(() => read(number, { bytes: { at: 9, type: "uint16le" } }, dust)).toThrow(
      "The message has 10 bytes; those from 9 to 10 are wanted.",
    );
  });

  test.each([
    [{ at: 0, type: "uint16" }, '"uint16" is not known here; known: uint8, int8, uint16le'],
    [{ at: 0, type: "uint8", length: 2 }, "does not go with uint8, which has 1; it is for bcd, text, hex"],
    [{ at: 0, type: "uint8", bit: 8 }, "is beyond uint8, which has the bits 0 to 7"],
    [{ at: 0, type: "int8", bit: 1 }, "does not go with int8; it is for whole numbers without a sign"],
    [{ at: 0, type: "uint8", bit: 1, mask: 2 }, "does not go with bit; one of them is enough"],
  ])("%j %s", (bytes, message) => {
    expect(fault({ bytes })).toContain(message);
  });
});

describe("xpath", () => {
  const status = `<?xml version="1.0"?>
    <status xmlns="urn:example" xmlns:m="urn:meter">
      <power unit="W"> 1500 </power>
      <phase id="1"><m:volt>229.3</m:volt></phase>
      <phase id="2"><m:volt>230.1</m:volt></phase>
      <state><![CDATA[on]]> &amp; well</state>
      <empty/>
    </status>`;

  test.each([
    ["/status/power", "1500"],
    ["/status/power/@unit", "W"],
    ["//phase[@id='2']/m:volt", "230.1"],
    ["//phase[2]/m:volt/text()", "230.1"],
    ["//*[local-name()='volt']", "229.3"],
    ["/status/state", "on & well"],
    ["count(//phase)", "2"],
    ["sum(//m:volt) div 2", "229.7"],
    ["//power > 1000", "true"],
    ["substring-before(//m:volt, '.')", "229"],
    ["//nothing", undefined],
    ["number(//nothing)", undefined],
    ["/status/empty", ""],
    ["//phase[last()]/preceding-sibling::phase/@id", "1"],
  ])("%s finds %j", (xpath, value) => {
    expect(read(text, { xpath }, status)).toBe(value);
  });

  test("finds numbers as such", () => {
    expect(read(number, { xpath: "//power" }, status)).toBe(1500);
    expect(read(number, { xpath: "//power", match: "([0-9])" }, status)).toBe(1);
    expect(read({ kind: "switch" }, { xpath: "//power > 1000" }, status)).toBe(true);
  });

  test.each([
    ["<a>", "is no XML"],
    ["a", "is no XML"],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "The XML has a DOCTYPE, which is not read."],
    ["<a>&b;</a>", "is no XML"],
    ["<a>".repeat(40) + "</a>".repeat(40), "The XML is nested more than 32 levels deep."],
    ["<a>".repeat(1900) + "</a>".repeat(1900), "The XML is nested more than 32 levels deep."],
    [`<a>${"<b/>".repeat(3000)}</a>`, "The XML has more than 2000 nodes."],
    [`<a>${"b".repeat(70_000)}</a>`, "The XML is longer than 65536 characters."],
  ])("refuses %s", (xml, message) => {
    expect(() => read(text, { xpath: "/a" }, xml)).toThrow(message);
  });

  test("gives up a path that goes everywhere from everywhere", () => {
    const wide = `<a>${"<b/>".repeat(1500)}</a>`;
    expect(() => read(text, { xpath: "//b[count(//b[count(//b) > 1]) > 1]" }, wide)).toThrow(
      "The path looks at the nodes of the XML more than 50000 times.",
    );
    expect(read(text, { xpath: "count(//b)" }, wide)).toBe("1500");
  });

  test("is refused where it is none", () => {
    expect(fault({ xpath: "/a[" })).toContain("is no XPath (");
    expect(fault({ xpath: "/a[" })).toContain('write for example "/status/power"');
    expect(() => read(text, { xpath: "nonsense(1)" }, status)).toThrow("cannot be followed");
  });
});

test("finds a value in one way only", () => {
  const given = conversion.parse({ extract: "$.a", key: "T", match: "a" });
  expect(misfits("number", given)).toEqual([
    { path: ["key"], message: "does not go with extract; a channel's value is found in one way" },
  ]);
});

describe("whatever comes", () => {
  const specs: readonly ValueSpec[] = [
    text,
    number,
    { kind: "switch" },
    { kind: "level" },
    { kind: "cover" },
    { kind: "color" },
    { kind: "choice", options: ["a"] },
    { kind: "lock" },
    { kind: "datetime" },
  ];
  const addresses: readonly object[] = [
    {},
    { extract: "$.a" },
    { match: "^.*=(?<value>.+)$" },
    { jinja: "{{ value_json.a | float(0) }}" },
    { jinja: "{{ value }}", match: "T=(.*)" },
    { xpath: "//a" },
    { xpath: "sum(//@a) * 2" },
    { key: "T" },
    { key: "T", hex: "sign-bit" },
    { bytes: { at: 1, type: "uint16le" } },
    { bytes: { at: -4, type: "float32be" } },
    { bytes: { at: 0, type: "bcd" } },
    { bytes: { at: 0, type: "text" }, match: "T=(.*)" },
  ];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: "binary" }).map((written) => Buffer.from(written)),
    fc.string().map((written) => Buffer.from(`T=${written};`)),
    fc.json().map((written) => Buffer.from(`{"a": ${written}}`)),
    fc.string().map((written) => Buffer.from(`<a a="1">${written}</a>`)),
  );

  test.each(addresses)("with %j a value comes out, or a refusal", (address) => {
    const given: Conversion = conversion.parse(address);
    const readers = [...specs.map((spec) => readerOf(spec, given)), eventReaderOf(given)];
    fc.assert(
      fc.property(bytes, fc.constantFrom(...readers), (sent, reader) => {
        try {
          reader(new Payload(sent));
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          expect(error).toMatchObject({ code: "value-invalid" });
        }
      }),
    );
  });
});
