import { expect, test } from "vitest";
import { Source } from "../../src/config/source.js";

const substitutes = { secret: () => "", variable: () => "" };

test.each([
  ["home: { name: A", "1:16", 'the "{" of line 1, column 7 is not closed'],
  ["home:\n  a: { b: { c: 1 }", "2:19", 'the "{" of line 2, column 6 is not closed'],
  ["a: {\n  b: [1,\nc: 1\n}\n", "3:1", 'the "[" of line 2, column 6 is not closed'],
  ["devices:\n  a: {\n  x: 1\n}\n", "3:3", "or indent what is in it deeper than its key"],
  ['home: { name: "A }\nb: 1\n', "1:15", 'the quotes that open here are never closed; add the other "'],
  ["a: 'it\nb: 2\n", "1:4", "the quotes that open here are never closed; add the other '"],
  ["a:\n  b: 1\n c: 2\n", "3:1", "begins in another column than those beside it"],
  ["a: b: c\n", "1:4", "two keys run into each other"],
  ["a:\n\tb: 1\n", "2:1", "is indented with a tab; use spaces"],
  ["a: @x\n", "1:4", 'no text begins with "@"; put it in quotes'],
  ["a: 1\nb\n", "2:1", 'this is no entry; write "key: value"'],
  ["a: 1\n- b\n", "2:1", 'this is no entry; write "key: value"'],
  ["a: { b: 1 c: 2 }\n", "1:9", "is a comma missing?"],
  ['a: { b: "1" c: 2 }\n', "1:13", "or a comma between two entries"],
  ["a: {topic}/x\n", "1:11", "put all of the text in quotes"],
  ["a: { b: 1 } }\n", "1:13", 'there is a "}" too many, or its "{" is missing'],
  ['a: "C:\\x"\n', "1:7", "a backslash means something within double quotes"],
  ['a: "x"#c\n', "1:7", 'a comment needs a space before its "#"'],
  ["a: 1\n---\nb: 2\n", "2:1", 'remove the line "---"'],
  ["a: &x &y 1\n", "1:7", 'text that begins with "&", "*" or "!" goes into quotes'],
])("says of %j what is wrong at %s", (text, place, sentence) => {
  const source = new Source("house.yaml", text, substitutes);
  const { line, column } = source.positionOf(source.break?.offset ?? -1);
  expect([`${line}:${column}`, source.break?.message]).toEqual([place, expect.stringContaining(sentence)]);
});
