import { X509Certificate } from "node:crypto";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { GatewayError, messageOf } from "../core/errors.js";
import { isLoopback } from "../core/host.js";

/** Where the server listens for components. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Direct TLS. `ca`, as PEM, is then the only authority that is believed; without it the system's are. */
  readonly tls?: { readonly ca?: string | undefined } | undefined;
}

/** Throws "config-invalid" when the secret and all that follows would leave this machine in plain text. */
export function checkEndpoint({ host, tls }: Endpoint): void {
  if (tls === undefined) {
    if (isLoopback(host)) return;
    throw new GatewayError(
      "config-invalid",
      `The link to the XMPP server at ${host} would be plain text. Use a loopback address, or set xmpp.tls.`,
    );
  }
  if (tls.ca === undefined) return;
  try {
    // Only to see whether it is one: a TLS socket takes anything for an authority and then believes nobody.
    new X509Certificate(tls.ca);
  } catch (cause) {
    throw new GatewayError(
      "config-invalid",
      `The certificate authority of xmpp.tls is no certificate in PEM form: ${messageOf(cause)}.`,
      { cause },
    );
  }
}

/** Begins to connect. `onReady` is called when the server is reached and, with TLS, known to be the right one. */
export function openSocket({ host, port, tls }: Endpoint, onReady: () => void): Socket {
  if (tls === undefined) return connect({ host, port, noDelay: true }, onReady);
  const servername = isIP(host) === 0 ? host : "";
  const socket = connectTls({ host, port, servername, ca: tls.ca }, onReady);
  return socket.setNoDelay(true);
}
