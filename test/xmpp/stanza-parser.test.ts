import { describe, expect, test } from "vitest";
import { StanzaParser } from "../../src/xmpp/stanza-parser.js";

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='s1'>";

/** What a parser told of some bytes, as a transcript. */
function parse(chunks: Iterable<Uint8Array>): string[] {
  const told: string[] = [];
  const parser = new StanzaParser((domain) => domain === "pubsub.house.test");
  parser.on("start", (root) => told.push(`start ${root.attrs.id}`));
  parser.on("element", (element) => told.push(`${element}`));
  parser.on("oversized", (head) => told.push(`oversized ${head ?? "nameless"}`));
  parser.on("end", () => told.push("end"));
  parser.on("error", (error) => told.push(`error ${error.condition}`));
  for (const chunk of chunks) parser.write(chunk);
  return told;
}

const parseText = (...texts: string[]) => parse(texts.map((text) => Buffer.from(text)));
const afterHeader = (xml: string) => parseText(header, xml, "<presence/>").slice(1);
const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);

test("finds the same stanzas wherever the bytes are cut", () => {
  const bytes = Buffer.from(
    `${header}<message from='a@b' to="ü@c"><body>Grüße 🏡 &lt;&amp;&#x1F600;&gt; <![CDATA[a]]b > c]]>!</body></message> \n` +
      `<iq  type = 'get'\tid='1' ><q a='"' b="&apos;>"/></iq><stream:error/></stream:stream>`,
  );
  const whole = parse([bytes]);
  expect(whole).toEqual([
    "start s1",
    '<message from="a@b" to="ü@c"><body>Grüße 🏡 &lt;&amp;😀&gt; a]]b &gt; c!</body></message>',
    '<iq type="get" id="1"><q a="&quot;" b="&apos;&gt;"/></iq>',
    "<stream:error/>",
    "end",
  ]);
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(parse([bytes.subarray(0, cut), bytes.subarray(cut)]), `cut at ${cut}`).toEqual(whole);
  }
  expect(parse(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test("keeps a text that came in pieces as one child", () => {
  const parser = new StanzaParser(() => false);
  const children: unknown[] = [];
  parser.on("element", (element) => children.push(...element.children));
  for (const piece of [header, "<message>one ", "two", " three</message>"]) parser.write(Buffer.from(piece));
  expect(children).toEqual(["one two three"]);
});

test("gives a stanza the namespaces of the stream", () => {
  const parser = new StanzaParser(() => false);
  const namespaces: (string | undefined)[] = [];
  parser.on("element", (element) => namespaces.push(element.getNS()));
  parser.write(Buffer.from(`${header}<message/><stream:error/>`));
  expect(namespaces).toEqual(["jabber:component:accept", "http://etherx.jabber.org/streams"]);
});

describe("drops a stanza that breaks a limit, and reads on:", () => {
  const elements = (count: number) => `<m from='u@other.test'>${"<a/>".repeat(count - 1)}</m>`;
  const attributes = (count: number) =>
    `<m ${Array.from({ length: count }, (_, index) => `a${index}=''`).join(" ")}/>`;
  const depth = (count: number) => `<m>${nested(count - 1)}</m>`;
  const bytes = (count: number) => `<m>${"x".repeat(count - "<m></m>".length)}</m>`;
  const cases = [
    { what: "elements", build: elements, limit: 256 },
    { what: "attributes of an element", build: attributes, limit: 64 },
    { what: "depth", build: depth, limit: 32 },
    { what: "bytes", build: bytes, limit: 64 * 1024 },
  ];
  for (const { what, build, limit } of cases) {
    test(`${limit} ${what}`, () => {
      expect(afterHeader(build(limit))).toEqual([expect.not.stringMatching(/^oversized/), "<presence/>"]);
      expect(afterHeader(build(limit + 1))).toEqual([expect.stringMatching(/^oversized <m/), "<presence/>"]);
    });
  }

  test("bytes are counted as UTF-8", () => {
    expect(afterHeader(`<m>${"ü".repeat(33_000)}</m>`)).toEqual(["oversized <m/>", "<presence/>"]);
  });

  test("a start tag that is itself too large leaves nothing to keep", () => {
    expect(afterHeader(`<m a='${">".repeat(70_000)}'>text</m>`)).toEqual([
      "oversized nameless",
      "<presence/>",
    ]);
  });

  test("whatever it contains besides", () => {
    const odd = `<b c='</m>' d="/>"/><![CDATA[</m>${"x".repeat(70_000)}]]><e/>`;
    expect(afterHeader(`<m id='1'>${"x".repeat(70_000)}${odd}</m>`)).toEqual([
      'oversized <m id="1"/>',
      "<presence/>",
    ]);
  });

  test("wherever its bytes are cut", () => {
    const xml = Buffer.from(`<m id='1'>${nested(40)}<b c='"/>'/><![CDATA[]]]]]]></m><presence/>`);
    for (let cut = 1; cut < xml.length; cut++) {
      const told = parse([Buffer.from(header), xml.subarray(0, cut), xml.subarray(cut)]);
      expect(told.slice(1), `cut at ${cut}`).toEqual(['oversized <m id="1"/>', "<presence/>"]);
    }
  });
});

test("reads over 5,000 nested elements without building them", () => {
  expect(afterHeader(`<message from='a@b'>${nested(5000)}</message>`)).toEqual([
    'oversized <message from="a@b"/>',
    "<presence/>",
  ]);
});

test("takes no more from a person of our own server than from anyone", () => {
  const stanza = (from: string) => `<iq from='${from}'>${"<item/>".repeat(1000)}</iq>`;
  expect(afterHeader(stanza("u@pubsub.house.test/x"))[0]).toMatch(/^oversized/);
  expect(afterHeader(stanza("u@pubsub.house.test"))[0]).toMatch(/^<iq/);
});

test("takes 512 KB and 4,096 elements from a service of our own server, and not more", () => {
  const roster = (count: number) => `<iq from='pubsub.house.test'>${"<item/>".repeat(count)}</iq>`;
  const item = (size: number) => `<iq from='pubsub.house.test/x'>${"x".repeat(size)}</iq>`;
  expect(afterHeader(roster(4095))[0]).toMatch(/^<iq/);
  expect(afterHeader(item(500_000))[0]).toMatch(/^<iq/);
  expect(afterHeader(roster(4096))[0]).toBe('oversized <iq from="pubsub.house.test"/>');
  expect(afterHeader(item(600_000))[0]).toBe('oversized <iq from="pubsub.house.test/x"/>');
});

test("does not count the white space that keeps a silent stream alive", () => {
  expect(
    parseText(
      header,
      ..." "
        .repeat(70)
        .split("")
        .map(() => " ".repeat(1024)),
      "<presence/>",
    ),
  ).toEqual(["start s1", "<presence/>"]);
});

describe("ends at what XMPP does not allow:", () => {
  const cases = {
    "an entity of one's own": ["<m>&nbsp;</m>", "not-well-formed"],
    "a bare ampersand": ["<m a='a & b'/>", "not-well-formed"],
    "a reference to a forbidden character": ["<m>&#1;</m>", "not-well-formed"],
    "a wrong end tag": ["<m><a></m></a>", "not-well-formed"],
    "an attribute twice": ["<m a='1' a='2'/>", "not-well-formed"],
    "an attribute without quotes": ["<m a=1/>", "not-well-formed"],
    "a tag in a tag": ["<m <a/>>", "not-well-formed"],
    "text between stanzas": ["text<m/>", "not-well-formed"],
    "a comment": ["<m><!-- --></m>", "restricted-xml"],
    "a document type": ["<!DOCTYPE m [<!ENTITY a 'b'>]>", "restricted-xml"],
    "a processing instruction": ["<?php ?>", "restricted-xml"],
  } as const;
  for (const [what, [xml, condition]] of Object.entries(cases)) {
    test(what, () => expect(afterHeader(xml)).toEqual([`error ${condition}`]));
  }

  test("bytes that are no UTF-8", () => {
    expect(parse([Buffer.from(header), Uint8Array.of(0x3c, 0xff)])).toEqual([
      "start s1",
      "error not-well-formed",
    ]);
  });

  test("a header without end", () => {
    expect(parseText(`<stream:stream a='${"x".repeat(70_000)}`)).toEqual(["error policy-violation"]);
  });
});
