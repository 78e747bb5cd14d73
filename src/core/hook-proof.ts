import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** By what the caller of a hook is known: the SHA-256 digest of a token, or the secret of signatures. */
export type HookKey =
  | { readonly kind: "token"; readonly digest: Uint8Array }
  | { readonly kind: "signature"; readonly secret: Uint8Array };

/** What a caller sends to be known by. */
export interface HookProof {
  readonly token: string;
  readonly signature: HookSignature | undefined;
}

interface HookSignature {
  readonly id: string;
  /** Seconds since the epoch, in digits. */
  readonly timestamp: string;
  /** Each `v1,` and Base64, with spaces between. */
  readonly signatures: string;
}

const mostSignatures = 10;
const decoyDigest = randomBytes(32);
const decoySecret = randomBytes(32);

/** A bearer token, or `token` in the URL; and the headers of Standard Webhooks, where all three are well formed. */
export function proofOf(headers: Readonly<Record<string, string>>, query: URLSearchParams): HookProof {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const {
    "webhook-id": id = "",
    "webhook-timestamp": timestamp = "",
    "webhook-signature": signatures = "",
  } = headers;
  // What is signed is `id.timestamp.body`: with a dot in the id it could be read in two ways.
  const isSigned = /^[^.]{1,256}$/.test(id) && /^\d{1,12}$/.test(timestamp) && signatures !== "";
  return {
    token: bearer ?? query.get("token") ?? "",
    signature: isSigned ? { id, timestamp, signatures } : undefined,
  };
}

/**
 * Whether `proof` is by the holder of `key`. How long it takes tells of the request alone, neither of the key nor whether
 * there is one.
 */
export function isProven({ token, signature }: HookProof, body: Uint8Array, key?: HookKey): boolean {
  const digest = key?.kind === "token" ? key.digest : decoyDigest;
  const secret = key?.kind === "signature" ? key.secret : decoySecret;
  const hasToken = timingSafeEqual(createHash("sha256").update(token).digest(), digest);
  const isSigned = signature !== undefined && isSignedBy(secret, signature, body);
  return key !== undefined && (key.kind === "token" ? hasToken : isSigned);
}

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
function isSignedBy(secret: Uint8Array, { id, timestamp, signatures }: HookSignature, body: Uint8Array) {
  const right = createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(body).digest();
  const given = signatures
    .split(" ", mostSignatures)
    .flatMap((one) => (one.startsWith("v1,") ? [Buffer.from(one.slice(3), "base64")] : []));
  return given.filter((one) => one.length === right.length && timingSafeEqual(one, right)).length > 0;
}
