import { messageOf } from "../core/errors.js";
import { systemCodeOf } from "../core/system-code.js";
import type { Endpoint } from "./endpoint.js";
import type { StreamFailure } from "./open-stream.js";
import { type Element, elementsOf } from "./xml.js";

/** What a stream error of the server (RFC 6120 §4.9) means for us. */
export function failureOfStreamError(error: Element, domain: string, wasOnline: boolean): StreamFailure {
  const condition = elementsOf(error).find((child) => child.name !== "text")?.name ?? "undefined-condition";
  switch (condition) {
    case "not-authorized":
      return {
        cause: "refused",
        detail: `The XMPP server refuses the secret of ${domain}, or has no such component. Make xmpp.domain and xmpp.secret what the server's configuration says.`,
      };
    case "host-unknown":
      return {
        cause: "refused",
        detail: `The XMPP server has no component ${domain}. Add it to the server's configuration, or correct xmpp.domain.`,
      };
    case "conflict":
      return {
        // Two gateways that throw each other out should not do so every second.
        cause: wasOnline ? "displaced" : "conflict",
        detail: `Another connection serves ${domain}. Stop the other gateway; if there is none, the server still holds a lost connection (Prosody lets go of it with component_conflict_resolve = "kick_old").`,
      };
    case "see-other-host":
      return {
        cause: "broken",
        detail: "The XMPP server points to another host, which is not followed. Correct xmpp.host.",
      };
    default:
      return { cause: "broken", detail: `The XMPP server ended the stream: ${condition}.` };
  }
}

/** A sentence about an error of the socket. */
export function sentenceOfError(error: unknown, { host, port }: Endpoint): string {
  const code = systemCodeOf(error) ?? "";
  switch (code) {
    case "ECONNREFUSED":
      return `No XMPP server listens for components at ${host} port ${port}.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The name of the XMPP server, ${host}, is not known to the network.`;
    case "ECONNRESET":
    case "EPIPE":
      return "The XMPP server broke off the connection.";
    default:
      return `The connection to the XMPP server at ${host} port ${port} failed: ${messageOf(error) || code}`;
  }
}
