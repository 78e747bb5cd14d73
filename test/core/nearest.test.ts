import { expect, test } from "vitest";
import { nearest } from "../../src/core/nearest.js";

const words = ["on", "off", "open", "close", "stop", "toggle", "status", "history", "help", "temperature"];

test.each([
  ["toogle", "toggle"],
  ["STAUTS", "status"],
  ["of", "off"],
  ["opne", "open"],
  ["temprature", "temperature"],
  ["temeprautre", "temperature"],
  ["closed", "close"],
  ["help", "help"],
])("%s most likely meant %s", (word, known) => {
  expect(nearest(word, words)).toBe(known);
});

test.each(["", "x", "banana", "tmpr", "oxy", "stopstop"])("%o is near to nothing", (word) => {
  expect(nearest(word, words)).toBeUndefined();
});

test("says nothing where two words are equally near", () => {
  expect(nearest("lamp-3", ["lamp-1", "lamp-2"])).toBeUndefined();
});

test("takes a word that is named twice as one, and keeps its spelling", () => {
  expect(nearest("ecco", ["Eco", "Eco", "Comfort"])).toBe("Eco");
});

test("gives up on what is far too long to be a word", () => {
  expect(nearest("a".repeat(100_000), ["a".repeat(100_000)])).toBeUndefined();
});
