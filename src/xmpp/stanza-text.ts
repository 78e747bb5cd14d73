import { domainOf } from "./domain-of.js";
import { NS } from "./namespaces.js";
import type { Element } from "./xml.js";

/** Safe under the limits for clients of Prosody (256 KiB) and ejabberd (262144 bytes). */
const byteLimit = 200 * 1024;
const depthLimit = 64;

/** A stanza as it may go over the stream, or why it may not. */
export type StanzaText =
  | { readonly text: string; readonly bytes: number }
  | { readonly refusal: "no-stanza" | "no-receiver" | "foreign-sender" | "too-large" | "not-xml" };

/**
 * Writes a stanza of our own `domain`, without what XML forbids. A server closes the whole stream over one stanza that
 * is wrong, so such a one is refused here.
 */
export function stanzaText(stanza: Element, domain: string): StanzaText {
  const { name, attrs } = stanza;
  const isStanza = name === "message" || name === "presence" || name === "iq";
  if (!isStanza || (attrs.xmlns ?? NS.component) !== NS.component) return { refusal: "no-stanza" };
  if (domainOf(attrs.from) !== domain) return { refusal: "foreign-sender" };
  if ((domainOf(attrs.to) ?? "") === "") return { refusal: "no-receiver" };
  const xml = elementText(stanza, 1);
  if (xml === undefined) return { refusal: "not-xml" };
  const text = clean(xml);
  const bytes = Buffer.byteLength(text);
  return bytes > byteLimit ? { refusal: "too-large" } : { text, bytes };
}

const nameForm = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/;
const knownNames = new Set<string>();

/** There are few names, so each is looked at once. */
function isName(name: string): boolean {
  if (knownNames.has(name)) return true;
  if (!nameForm.test(name)) return false;
  if (knownNames.size < 1000) knownNames.add(name);
  return true;
}

/** `undefined` when a name is none, or when the elements are nested too deep. */
function elementText(element: Element, depth: number): string | undefined {
  const { name, attrs, children } = element;
  if (depth > depthLimit || !isName(name)) return undefined;
  let text = `<${name}`;
  for (const key in attrs) {
    const value: unknown = attrs[key];
    if (value === undefined || value === null) continue;
    if (!isName(key)) return undefined;
    text += ` ${key}="${attributeText(String(value))}"`;
  }
  if (children.length === 0) return `${text}/>`;
  text += ">";
  for (const child of children) {
    const inner = typeof child === "object" ? elementText(child, depth + 1) : escaped(String(child));
    if (inner === undefined) return undefined;
    text += inner;
  }
  return `${text}</${name}>`;
}

function attributeText(value: string): string {
  if (!/[&<>"\t\n\r]/.test(value)) return value;
  // A reader makes spaces of bare white space in attributes (XML 1.0 §3.3.3).
  return escaped(value)
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#9;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\r", "&#13;");
}

function escaped(text: string): string {
  if (!/[&<>]/.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// Surrogates may come in pairs, which are fine; the test only tells whether a closer look is needed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
const suspicious = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Without the characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#NT-Char). */
function clean(xml: string): string {
  return suspicious.test(xml) ? xml.replace(forbidden, "") : xml;
}
