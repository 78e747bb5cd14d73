import jid from "@xmpp/jid";

/** The resource of every device, and of the house. */
export const deviceResource = "device";

/** The localpart of the house itself. */
export const houseLocal = "home";

/** An address with its parts prepared for comparison (RFC 7622: localpart and domain folded to lower case). */
export interface Jid {
  readonly local: string;
  readonly domain: string;
  readonly resource: string;
  readonly bare: string;
  readonly full: string;
}

/** Reads an address; `undefined` when it is none. */
export function parseJid(text: string | undefined): Jid | undefined {
  if (text === undefined || text.length > 3071) return undefined;
  try {
    const parsed = jid(text);
    const { local, domain, resource } = parsed;
    if (domain === "" || /[\s@/]|^[^[].*:/.test(domain) || /[\s"&'/:<>@]/.test(local)) return undefined;
    const bare = local === "" ? domain : `${local}@${domain}`;
    return { local, domain, resource, bare, full: resource === "" ? bare : `${bare}/${resource}` };
  } catch {
    return undefined;
  }
}
