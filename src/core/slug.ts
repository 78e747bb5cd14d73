import { createHash } from "node:crypto";

const longest = 63;

/**
 * An id made of a name: `Küche (Süd)` gives `kuche-sud`. A name without any of `a-z0-9` gives `x-` and 8 hexadecimal
 * digits of its SHA-1. Two names may give one slug.
 */
export function slug(name: string): string {
  const id = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[ßẞ]/g, "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, longest)
    .replace(/-$/, "");
  return id === "" ? `x-${createHash("sha1").update(name).digest("hex").slice(0, 8)}` : id;
}
