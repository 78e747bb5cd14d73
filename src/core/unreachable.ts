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

// The codes of Node (ERR_) and of X.509 verification: https://nodejs.org/api/tls.html#x509-certificate-error-codes
const strangeAuthority = "its certificate is signed by an authority that is not known here";
const distrusted: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: strangeAuthority,
  UNABLE_TO_GET_ISSUER_CERT: strangeAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: strangeAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: strangeAuthority,
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is the clock right?",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: "what listens there does not speak TLS",
};

const tlsCodes =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_CERT|ERR_SSL_|ERR_OSSL_|EPROTO|HOSTNAME_MISMATCH)/;

/** What an error of a socket or of TLS says; undefined for any other. */
export function connectionFaultOf(error: unknown): ConnectionFault | undefined {
  const code = systemCodeOf(error) ?? "";
  const known = unreachable[code];
  if (known !== undefined) return { text: known, isTls: false };
  if (!tlsCodes.test(code)) return undefined;
  return {
    text: `no TLS connection with it: ${distrustOf(code) ?? reasonOf(error)}; check \`tls\``,
    isTls: true,
  };
}

/** What is wrong with a certificate, by the code of its verification. */
export function distrustOf(code: string): string | undefined {
  return distrusted[code];
}

/** OpenSSL puts line numbers of its own source into the message, and the words into `reason`. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error && "reason" in error ? error.reason : undefined;
  return typeof reason === "string" ? reason : messageOf(error);
}
