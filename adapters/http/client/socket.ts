import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely, type TLSSocket } from "node:tls";
import { pemOf } from "../../../src/core/pem.js";
import type { Tls } from "./tls.js";

/** The certificate is not the one that `tls.fingerprint` names; `message` is the end of a sentence. */
export class WrongCertificate extends Error {}

/**
 * Begins to connect to where a URL points. `onReady` comes once: without an error when bytes may be sent, that is, to whom
 * `tls` trusts. Throws when a file named in `tls` cannot be read.
 */
export function openSocket(url: URL, tls: Tls, onReady: (error: Error | undefined) => void): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "https:") return openSecurely(host, Number(url.port) || 443, tls, onReady);
  const socket = connect({ host, port: Number(url.port) || 80, noDelay: true });
  socket.once("error", onReady);
  return socket.once("connect", () => {
    socket.off("error", onReady);
    onReady(undefined);
  });
}

function openSecurely(
  host: string,
  port: number,
  { ca, cert, key, servername, fingerprint }: Tls,
  onReady: (error: Error | undefined) => void,
): TLSSocket {
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  // Read anew each time: certificates are renewed while we run.
  const socket = connectSecurely({
    host,
    port,
    ALPNProtocols: ["http/1.1"],
    // A pinned certificate is compared below instead, whole, before anything is sent.
    rejectUnauthorized: fingerprint === undefined,
    ...(name !== undefined && { servername: name }),
    ...(ca !== undefined && { ca: pemOf(ca) }),
    ...(cert !== undefined && { cert: pemOf(cert) }),
    ...(key !== undefined && { key: pemOf(key) }),
  });
  socket.setNoDelay(true);
  socket.once("error", onReady);
  return socket.once("secureConnect", () => {
    socket.off("error", onReady);
    const fault = pinFault(socket, fingerprint);
    if (fault !== undefined) socket.destroy();
    onReady(fault);
  });
}

function pinFault(socket: TLSSocket, fingerprint: string | undefined): Error | undefined {
  const shown = socket.getPeerX509Certificate()?.fingerprint256;
  if (fingerprint === undefined || shown === fingerprint) return undefined;
  return new WrongCertificate(
    `its certificate has the fingerprint ${shown}, which is not the one in \`tls.fingerprint\``,
  );
}
