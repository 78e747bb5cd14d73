import { messageOf } from "./errors.js";
import { systemCodeOf } from "./system-code.js";

/** Why nobody was reached over the network. */
export interface ConnectionFault {
  /** What a person reads after the name of the place: a whole sentence without its full stop. */
  readonly text: string;
  /** Somebody is there, but TLS did not come about. */
  readonly isTls: boolean;
}

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name of the host cannot be looked up now",
  ETIMEDOUT: "the host does not answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "it cut the connection",
  EPIPE: "it cut the connection",
};

const certificateCodes =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_CERT|ERR_SSL_|ERR_OSSL_|EPROTO|HOSTNAME_MISMATCH)/;

/** What an error of a socket or of TLS says; undefined for any other. */
export function connectionFaultOf(error: unknown): ConnectionFault | undefined {
  const code = systemCodeOf(error) ?? "";
  const known = unreachable[code];
  if (known !== undefined) return { text: known, isTls: false };
  if (!certificateCodes.test(code)) return undefined;
  return { text: `no TLS connection with it: ${messageOf(error)}; check \`tls\``, isTls: true };
}
