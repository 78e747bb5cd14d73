import { expect, test } from "vitest";
import { stanzaText } from "../../src/xmpp/stanza-text.js";
import { type Element, el } from "../../src/xmpp/xml.js";

const domain = "iot.house.test";
const from = "lamp@iot.house.test/device";
const to = "owner@house.test";

const bodyText = (body: string) => stanzaText(el("message", { from, to }, el("body", {}, body)), domain);
const written = (stanza: Element) => {
  const result = stanzaText(stanza, domain);
  return "text" in result ? result.text : result.refusal;
};

test("writes attributes and text so that a reader gets back what went in", () => {
  const stanza = el("message", { from, to, id: `"'<>&\n\t` }, el("body", {}, `a < b & c ]]> d " '`));
  expect(written(stanza)).toBe(
    `<message from="${from}" to="${to}" id="&quot;'&lt;&gt;&amp;&#10;&#9;"><body>a &lt; b &amp; c ]]&gt; d " '</body></message>`,
  );
});

test("leaves out every character that XML forbids, and no other", () => {
  const text = "a\u0000\u0001\u0008\u000b\u001f\ud83c\udfe1b\ud83dc\ude00d\ufffe\uffff\t\n\u0085ü€";
  expect(written(el("presence", { from, to, id: text }, el("status", {}, text)))).toBe(
    `<presence from="${from}" to="${to}" id="a🏡bcd&#9;&#10;\u0085ü€"><status>a🏡bcd\t\n\u0085ü€</status></presence>`,
  );
});

test("counts bytes, not characters", () => {
  expect(bodyText("€")).toMatchObject({ bytes: 1 + 2 + (bodyText("") as { bytes: number }).bytes });
});

test("refuses what is larger than 200 KiB as it is written", () => {
  const overhead = (bodyText("x") as { bytes: number }).bytes - 1;
  expect(bodyText("x".repeat(200 * 1024 - overhead))).toHaveProperty("text");
  expect(bodyText("x".repeat(200 * 1024 - overhead + 1))).toEqual({ refusal: "too-large" });
  expect(bodyText("<".repeat(60_000))).toEqual({ refusal: "too-large" });
});

test("refuses the addresses for which a server closes the stream", () => {
  expect(written(el("presence", { to }))).toBe("foreign-sender");
  expect(written(el("presence", { from: "lamp@house.test", to }))).toBe("foreign-sender");
  expect(written(el("presence", { from: "iot.house.test@evil.test", to }))).toBe("foreign-sender");
  expect(written(el("presence", { from: "evil.test/iot.house.test", to }))).toBe("foreign-sender");
  expect(written(el("presence", { from }))).toBe("no-receiver");
  expect(written(el("presence", { from, to: "" }))).toBe("no-receiver");
  expect(written(el("presence", { from: domain, to }))).toMatch(/^<presence/);
});

test("refuses what is no stanza or cannot be XML", () => {
  expect(written(el("stream:error", { from, to }))).toBe("no-stanza");
  expect(written(el("message", { from, to, xmlns: "jabber:client" }))).toBe("no-stanza");
  expect(written(el("message", { from, to }, el("two words", {})))).toBe("not-xml");
  expect(written(el("message", { from, to }, el("a", { "b='c' d": "e" })))).toBe("not-xml");
  let deep = el("a", {});
  for (let depth = 0; depth < 20_000; depth++) deep = el("a", {}, deep);
  expect(written(el("message", { from, to }, deep))).toBe("not-xml");
});
