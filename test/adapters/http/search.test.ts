import { expect, test } from "vitest";
import { Search } from "../../../adapters/http/search.js";
import { earOf } from "../../../adapters/payload/ear.js";

const ears = ["power", "limit"].map((channel) => earOf(channel, { kind: "number" }, {}));
const button = earOf("button", { kind: "event" }, {});

test("tells once of a channel that never finds anything, when others do", () => {
  const search = new Search();
  const notes = Array.from({ length: 5 }, () => search.note("inverter", ears, { limit: 50 }));
  const sentence = "found nothing for power in the first 3 answers";
  expect(notes).toEqual([undefined, undefined, sentence, undefined, undefined]);
});

test("says nothing of a channel that found something once, nor of events", () => {
  const search = new Search();
  search.note("inverter", [...ears, button], { power: 1, limit: 50 });
  expect(Array.from({ length: 4 }, () => search.note("inverter", [...ears, button], { limit: 50 }))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("tells of a device that finds nothing at all, until it does", () => {
  const search = new Search();
  const nothing = () => search.note("inverter", ears, {});
  expect([nothing(), nothing()]).toEqual([undefined, undefined]);
  expect(nothing()).toBe("found nothing of its channels in the last 3 answers");
  expect(nothing()).toBe("found nothing of its channels in the last 4 answers");
  expect(search.note("inverter", ears, { power: 1, limit: 2 })).toBeUndefined();
});

test("begins anew with a device that was gone", () => {
  const search = new Search();
  search.note("inverter", ears, {});
  search.note("inverter", ears, {});
  search.keep(new Map());
  expect(search.note("inverter", ears, {})).toBeUndefined();
});
