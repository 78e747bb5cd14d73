import { expect, test } from "vitest";
import { longestTag, Padding } from "../../src/xmpp/padding.js";

/** Writes stanzas, all of one tag each, and tells how much white space follows them. */
function paddingAfter(...tags: readonly number[]): number {
  const padding = new Padding();
  for (const tag of tags) padding.add(tag, tag);
  return padding.take().length;
}

test("is as long as the longest tag that was written", () => {
  expect(paddingAfter(9000)).toBe(9000);
  expect(paddingAfter(2000, 150_000, 300)).toBe(150_000);
});

test("is nothing after few small stanzas, and at least 256 bytes after many", () => {
  expect(paddingAfter(1024)).toBe(0);
  expect(paddingAfter(...Array<number>(40).fill(100))).toBe(0);
  expect(paddingAfter(...Array<number>(41).fill(100))).toBe(256);
  expect(paddingAfter(...Array<number>(5).fill(1000))).toBe(1000);
});

test("counts small stanzas until they are many, and begins again after padding", () => {
  const padding = new Padding();
  padding.add(3000, 700);
  expect(padding.take()).toBe("");
  padding.add(3000, 300);
  expect(padding.take()).toBe(" ".repeat(700));
  padding.add(3000, 300);
  expect(padding.take()).toBe("");
});

test("is never longer than it was said to become", () => {
  const padding = new Padding();
  expect(padding.lengthAfter(100)).toBe(256);
  padding.add(9000, 9000);
  expect(padding.lengthAfter(100)).toBe(9000);
  expect(padding.lengthAfter(10_000)).toBe(10_000);
});

test("finds the longest tag of a large stanza in bytes, whatever its text", () => {
  const text = "x".repeat(5000);
  const longestOf = (xml: string) => longestTag(xml, Buffer.byteLength(xml));
  expect(longestOf(`<a><b c="1"/>${text}</a>`)).toBe('<b c="1"/>'.length);
  expect(longestOf(`<a><b c="${"€".repeat(1000)}"/>${text}</a>`)).toBe('<b c=""/>'.length + 3000);
  expect(longestOf(`<message from="${text}">${text}</message>`)).toBe('<message from="">'.length + 5000);
});

test("takes a small stanza for one tag", () => {
  expect(longestTag("<a><b/></a>", 11)).toBe(11);
});
