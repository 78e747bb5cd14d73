import { parseJid } from "./jids.js";
import { NS } from "./namespaces.js";
import { type Element, elementsOf } from "./xml.js";

const foreignLimit = 32;

/**
 * What servers let us do with the accounts they serve (XEP-0356 §5), as long as the link lasts. Each speaks for the accounts
 * of its own domain alone, so nobody can grant what is not theirs.
 */
export class Privileges {
  readonly #own: string;
  /** The domains whose rosters we may read and change. */
  readonly #rosters = new Set<string>();

  /** `own` is the component's domain. */
  constructor(own: string) {
    this.#own = own;
  }

  /** The domain that an announcement opened to us; `undefined` for every other stanza. */
  take(stanza: Element): string | undefined {
    if (!stanza.is("message") || stanza.attrs.type === "error") return undefined;
    const privilege =
      stanza.getChild("privilege", NS.privilege) ?? stanza.getChild("privilege", NS.privilege1);
    if (privilege === undefined) return undefined;
    const from = parseJid(stanza.attrs.from);
    if (from === undefined || from.full !== from.domain || stanza.attrs.to !== this.#own) return undefined;
    const { domain } = from;
    const isNew = !this.#rosters.has(domain);
    if (!keepsRosters(privilege)) this.#rosters.delete(domain);
    else if (this.#own.endsWith(`.${domain}`) || this.#rosters.size < foreignLimit) this.#rosters.add(domain);
    return isNew && this.#rosters.has(domain) ? domain : undefined;
  }

  keepsRosters(domain: string): boolean {
    return this.#rosters.has(domain);
  }

  /** The server announced more than it does. */
  withdraw(domain: string): void {
    this.#rosters.delete(domain);
  }

  /** The link is down: the next one brings its own announcement. */
  clear(): void {
    this.#rosters.clear();
  }
}

/** One build of Prosody's module nests what should stand side by side. */
function keepsRosters(element: Element): boolean {
  return elementsOf(element).some(
    (child) =>
      (child.name === "perm" && child.attrs.access === "roster" && child.attrs.type === "both") ||
      keepsRosters(child),
  );
}
