import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { pemOf } from "../../src/core/pem.js";
import { SocketStream } from "../../src/core/socket-stream.js";
import { largestImage } from "../payload/message-size.js";
import { OversizeCutter } from "./oversize.js";
import type { Settings } from "./settings.js";

// A payload of the largest size that is read, one byte more, and the longest topic and packet id before it.
const largestBody = largestImage + 1 + 2 + 65_535 + 2;

/** Begins to connect to a broker; nothing huge will come in. Throws when a file named in `tls` cannot be read. */
export function openBrokerStream(settings: Settings): SocketStream {
  const cutter = new OversizeCutter(largestBody);
  return new SocketStream(openSocket(settings), (chunk) => cutter.cut(chunk));
}

function openSocket({ url, tls = {} }: Settings): Socket {
  const { host, port, isSecure } = url;
  if (!isSecure) return connect({ host, port });
  // Read anew each time: certificates are renewed while we run.
  const { ca, cert, key } = tls;
  return connectSecurely({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: pemOf(ca) }),
    ...(cert === undefined ? {} : { cert: pemOf(cert) }),
    ...(key === undefined ? {} : { key: pemOf(key) }),
  });
}
