import { createHash } from "node:crypto";
import { NS } from "./namespaces.js";
import { type Element, el } from "./xml.js";

export const capsNode = "urn:homeroster:gateway";

export interface Identity {
  readonly category: string;
  readonly type: string;
  readonly name?: string;
}

/** Verification string (XEP-0115 §5.1), without extended forms. */
export function verificationString(identities: readonly Identity[], features: readonly string[]): string {
  const lines = [
    ...identities.map(({ category, type, name = "" }) => `${category}/${type}//${name}`).sort(),
    ...[...features].sort(),
  ];
  return createHash("sha1")
    .update(lines.map((line) => `${line}<`).join(""))
    .digest("base64");
}

/** The caps element of a presence. */
export function capsElement(ver: string): Element {
  return el("c", { xmlns: NS.caps, hash: "sha-1", node: capsNode, ver });
}
