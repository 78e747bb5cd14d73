import { quoted, refuse } from "../../src/core/value-refusal.js";
import type { Scalar } from "../payload/conversion.js";
import type { Escape } from "../payload/template.js";

/** How a body is written, and so how a value has to be written within it. */
type BodyForm = "json" | "form" | "xml" | "text";

export const contentTypes: Readonly<Record<BodyForm, string>> = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  xml: "application/xml",
  text: "text/plain; charset=utf-8",
};

const ofCommands = /\{(value|red|green|blue|x|y)\}/g;
const pairs = /^[\w.~%+[\]-]+=[^&\s]*(&[\w.~%+[\]-]+=[^&\s]*)*$/;

/** By its type if it has one, else by its looks. */
export function bodyFormOf(body: string, contentType: string | undefined): BodyForm {
  if (contentType !== undefined) {
    if (/json/i.test(contentType)) return "json";
    if (/x-www-form-urlencoded/i.test(contentType)) return "form";
    return /xml|html/i.test(contentType) ? "xml" : "text";
  }
  const filled = body.replace(ofCommands, "0").trim();
  if (/^[{["]/.test(filled)) return "json";
  if (filled.startsWith("<")) return "xml";
  return pairs.test(filled) ? "form" : "text";
}

/** What is wrong with a body of this form, as the end of a sentence. It may have `{value}` in it. */
export function bodyFault(body: string, contentType: string | undefined): string | undefined {
  if (bodyFormOf(body, contentType) !== "json") return undefined;
  try {
    JSON.parse(body.replace(ofCommands, "0"));
    return undefined;
  } catch {
    const cure =
      contentType === undefined ? "; a text that only looks like it needs `contentType: text/plain`" : "";
    return `is no JSON${cure}`;
  }
}

/** How a value is written into a body, so that it stays a value; `undefined` where the template does it by itself. */
export function escapeFor(body: string, contentType: string | undefined): Escape | undefined {
  switch (bodyFormOf(body, contentType)) {
    case "json":
      return body.trim() === "{value}" ? JSON.stringify : undefined;
    case "form":
      return inUrl;
    case "xml":
      return inXml;
    case "text":
      return String;
  }
}

export function inUrl(value: Scalar): string {
  return encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, "\uFFFD"));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function inXml(value: Scalar): string {
  const text = String(value);
  // https://www.w3.org/TR/xml/#charsets
  if (/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text)) {
    refuse(`${quoted(text)} has characters that XML cannot carry.`);
  }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
