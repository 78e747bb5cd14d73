import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely, type TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import { messageOf } from "../../../src/core/errors.js";
import { pemOf } from "../../../src/core/pem.js";
import { distrustOf } from "../../../src/core/unreachable.js";
import type { Tls } from "./tls.js";

/** TLS came about, but not with whom we trust; `message` is the reason, as part of a sentence. */
export class Distrusted extends Error {}

/**
 * Begins to connect to where a URL points. `onReady` comes once: without an error when bytes may be sent, that is, to whom
 * `tls` trusts. Throws when a file named in `tls` cannot be read.
 */
export function openSocket(url: URL, tls: Tls, onReady: (error: Error | undefined) => void): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isSecure = url.protocol === "https:";
  const socket = isSecure
    ? openSecurely(host, Number(url.port) || 443, tls)
    : connect({ host, port: Number(url.port) || 80 });
  socket.setNoDelay(true);
  socket.once("error", onReady);
  return socket.once(isSecure ? "secureConnect" : "connect", () => {
    socket.off("error", onReady);
    const fault = isTls(socket) ? distrust(socket, tls) : undefined;
    if (fault !== undefined) socket.destroy();
    onReady(fault);
  });
}

/** How a `Client` of undici connects; `onSocket` gets each socket while it is being opened. */
export function connectorTo(
  url: URL,
  tls: Tls,
  onSocket: (socket: Socket) => void,
): buildConnector.connector {
  return (_, callback) => {
    try {
      const socket = openSocket(url, tls, (error) => {
        if (error === undefined) callback(null, socket);
        else callback(error, null);
      });
      onSocket(socket);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(messageOf(error)), null);
    }
  };
}

function openSecurely(host: string, port: number, { ca, cert, key, servername }: Tls): TLSSocket {
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  // Read anew each time: certificates are renewed while we run.
  return connectSecurely({
    host,
    port,
    ALPNProtocols: ["http/1.1"],
    // Node's verdict is heeded in `distrust`, before a byte is sent; by then the certificate can be shown.
    rejectUnauthorized: false,
    ...(name !== undefined && { servername: name }),
    ...(ca !== undefined && { ca: pemOf(ca) }),
    ...(cert !== undefined && { cert: pemOf(cert) }),
    ...(key !== undefined && { key: pemOf(key) }),
  });
}

function isTls(socket: Socket): socket is TLSSocket {
  return "authorized" in socket;
}

/** Fails closed: trusted is the one pinned certificate, or what Node verified by chain, date and name. */
function distrust(socket: TLSSocket, { fingerprint }: Tls): Distrusted | undefined {
  const certificate = socket.getPeerX509Certificate();
  const shown = certificate?.fingerprint256;
  if (fingerprint !== undefined) {
    if (shown === fingerprint) return undefined;
    return new Distrusted(`its certificate has the fingerprint ${shown}, not the one in \`tls.fingerprint\``);
  }
  if (socket.authorized) return undefined;
  // Typed as an Error, but a code in Node 20.
  const code = String(socket.authorizationError);
  const reason = distrustOf(code) ?? code;
  const names = (certificate?.subjectAltName ?? certificate?.subject ?? "none")
    .replace(/\s+/g, " ")
    .slice(0, 200);
  const named = code === "ERR_TLS_CERT_ALTNAME_INVALID" ? ` (${names})` : "";
  return new Distrusted(
    `${reason}${named}; if it is the right device, pin it: tls: { fingerprint: "${shown}" }`,
  );
}
