import fc from "fast-check";
import { expect, test } from "vitest";
import { idPattern } from "../../src/core/device.js";
import { slug } from "../../src/core/slug.js";

test.each([
  ["Kitchen lamp", "kitchen-lamp"],
  ["  Küche (Süd) ", "kuche-sud"],
  ["Großes Licht", "grosses-licht"],
  ["STRAẞE", "strasse"],
  ["0x00158d0001a2b3c4", "0x00158d0001a2b3c4"],
  ["ﬁlament № 5", "filament-no-5"],
  ["İstanbul", "istanbul"],
  ["a--b__c", "a-b-c"],
  ["a".repeat(70), "a".repeat(63)],
  [`${"a".repeat(62)} b`, "a".repeat(62)],
  // The first eight digits that `printf NAME | sha1sum` prints.
  ["灯", "x-7e6ef8e8"],
  ["", "x-da39a3ee"],
])("%o is %s", (name, id) => {
  expect(slug(name)).toBe(id);
});

test("always gives an id, and leaves an id without doubled or final dashes alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const id = slug(name);
      expect(id).toMatch(idPattern);
      expect(slug(id)).toBe(id);
    }),
  );
});
