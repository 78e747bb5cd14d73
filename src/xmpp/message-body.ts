import { NS } from "./namespaces.js";
import { type Element, elementsOf } from "./xml.js";

/** What a person wrote, as far as we can read it. */
export type Body =
  | { readonly kind: "text"; readonly text: string }
  /** Only a note for clients that cannot decrypt (XEP-0380). */
  | { readonly kind: "encrypted" }
  | { readonly kind: "none" };

/** XEP-0384 of both generations, XEP-0373, XEP-0027. */
const encryptions = [NS.omemo, "urn:xmpp:omemo:2", "urn:xmpp:openpgp:0", NS.openpgp];

export function readBody(message: Element): Body {
  const text = message.getChild("body")?.getText();
  const children = elementsOf(message);
  const secret = children.find((child) => encryptions.includes(child.getNS() ?? ""));
  const isEncrypted = secret !== undefined || children.some((child) => child.is("encryption", NS.encryption));
  // XEP-0384 §4.6: without a payload it only carries keys, and nobody wrote anything.
  if (isEncrypted)
    return text !== undefined || secret?.getChild("payload") ? { kind: "encrypted" } : { kind: "none" };
  const written = text === undefined ? "" : withoutFallback(text, message).trim();
  return written === "" ? { kind: "none" } : { kind: "text", text: written };
}

/** Whether it is another message's envelope: carbons (XEP-0280), archive (XEP-0313), forwarding (XEP-0297). */
export function isWrapper(message: Element): boolean {
  return elementsOf(message).some(
    (child) =>
      child.is("received", NS.carbons) ||
      child.is("sent", NS.carbons) ||
      child.is("result", NS.mam) ||
      child.is("forwarded", NS.forward),
  );
}

/** Milliseconds since the message was sent, by the oldest delay stamp (XEP-0203); undefined without one, NaN for a bad one. */
export function delayOf(message: Element): number | undefined {
  const stamps = message.getChildren("delay", NS.delay).map((delay) => Date.parse(delay.attrs.stamp ?? ""));
  return stamps.length === 0 ? undefined : Date.now() - Math.min(...stamps);
}

/** XEP-0359 §3.2: the sender's own id outlives the stanza's. */
export function stableIdOf(message: Element): string | undefined {
  const id: string | undefined = message.getChild("origin-id", NS.stanzaId)?.attrs.id ?? message.attrs.id;
  return id === undefined || id === "" || id.length > 256 ? undefined : id;
}

/** XEP-0428 §3: the ranges are for clients that lack what they stand in for, counted in code points. */
function withoutFallback(text: string, message: Element): string {
  const ranges = message.getChildren("fallback", NS.fallback).flatMap((fallback) => fallbackRanges(fallback));
  if (ranges.length === 0) return text;
  return Array.from(text)
    .filter((_, index) => !ranges.some(({ start, end }) => index >= start && index < end))
    .join("");
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function fallbackRanges(fallback: Element): readonly Range[] {
  const whole = { start: 0, end: Number.POSITIVE_INFINITY };
  const parts = elementsOf(fallback);
  if (parts.length === 0) return [whole];
  return parts
    .filter((part) => part.name === "body")
    .map(({ attrs }) =>
      attrs.start === undefined || attrs.end === undefined
        ? whole
        : { start: Number(attrs.start), end: Number(attrs.end) },
    );
}
