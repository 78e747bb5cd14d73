import { GatewayError } from "../core/errors.js";
import type { Link } from "./link.js";
import { NS } from "./namespaces.js";
import { StanzaError } from "./stanza-error.js";
import { el } from "./xml.js";

/** Lets one person make one account. */
export interface Invite {
  /** XEP-0445: `xmpp:DOMAIN?register;preauth=TOKEN` */
  readonly uri: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Asks the private Prosody at `server`, by the module that it has for us. Throws "adapter-failed". */
export async function requestInvite(link: Link, server: string, user: string): Promise<Invite> {
  const request = el("invite", { xmlns: NS.invites, user });
  try {
    const reply = await link.request(el("iq", { type: "set", from: link.domain, to: server }, request));
    const { uri, expires } = reply.getChild("invite", NS.invites)?.attrs ?? {};
    if (typeof uri === "string" && Number(expires) > 0) return { uri, expires: Number(expires) * 1000 };
  } catch (cause) {
    if (!(cause instanceof StanzaError)) throw cause;
    const sentence = `The private Prosody makes no invitation now: ${cause.condition}. Try again in a moment.`;
    throw new GatewayError("adapter-failed", sentence, { cause });
  }
  throw new GatewayError("adapter-failed", "The private Prosody answered without an invitation.");
}
