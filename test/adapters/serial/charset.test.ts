import fc from "fast-check";
import { expect, test } from "vitest";
import { charsetOf, encoding } from "../../../adapters/serial/charset.js";
import { problemsOf } from "../../../src/schema.js";

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test.each([
  ["utf8", "21 °C €", "323120c2b04320e282ac"],
  ["ascii", "T=21", "543d3231"],
  ["latin1", "21 °C", "323120b043"],
  ["iso-8859-15", "5 €", "3520a4"],
  ["windows-1252", "5 €", "352080"],
  ["windows-1251", "вкл", "e2eaeb"],
  ["cp437", "21 °C é", "323120f8432082"],
  ["cp866", "вкл", "a2aaab"],
  ["koi8-r", "вкл", "d7cbcc"],
  ["shift_jis", "温度", "89b79378"],
  ["gbk", "温度", "cec2b6c8"],
] as const)("%s writes %j as the bytes that are published for it, and reads them", (name, text, bytes) => {
  const charset = charsetOf(name);
  expect(hexOf(charset.encode(text))).toBe(bytes);
  expect(charset.decode(Buffer.from(bytes, "hex"))).toBe(text);
});

test.each([
  ["ascii", "21 °C", "°"],
  ["latin1", "5 €", "€"],
  ["cp866", "é", "é"],
  ["windows-1251", "日", "日"],
  ["utf8", "a\ud800", "\\ud800"],
] as const)("%s refuses %j and names the character that it lacks", (name, text, lacking) => {
  expect(() => charsetOf(name).encode(text)).toThrow(
    expect.objectContaining({
      code: "value-invalid",
      message: `"${lacking}" cannot be written in ${name}; use other characters`,
    }),
  );
});

test.each(encoding.options)("what %s writes is what it reads", (name) => {
  const charset = charsetOf(name);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      let bytes: Uint8Array;
      try {
        bytes = charset.encode(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "value-invalid" });
        return;
      }
      expect(charset.decode(bytes)).toBe(text.replace(/^\ufeff/, ""));
    }),
  );
});

test("bytes that mean nothing are read as such, and never as another character", () => {
  expect(charsetOf("ascii").decode(Uint8Array.of(0x54, 0xb0))).toBe("T\ufffd");
  expect(charsetOf("utf8").decode(Uint8Array.of(0x54, 0xb0))).toBe("T\ufffd");
});

test("a question mark is a character like any other", () => {
  expect(hexOf(charsetOf("ascii").encode("P?"))).toBe("503f");
});

test("a name that is not known is corrected", () => {
  const { error } = encoding.safeParse("latin-1");
  expect(error === undefined ? [] : problemsOf(error)).toMatchObject([
    { message: expect.stringContaining('did you mean "latin1"?') },
  ]);
});
