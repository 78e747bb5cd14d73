import { createHash, randomBytes } from "node:crypto";
import { type Challenge, challengesOf } from "./challenges.js";

// RFC 7616 §6.1, the strongest first.
const hashes: Readonly<Record<string, string>> = {
  "SHA-512-256": "sha512-256",
  "SHA-256": "sha256",
  MD5: "md5",
};
const strength = Object.keys(hashes);

interface Terms {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server wrote it; undefined where it did not. */
  readonly algorithm: string | undefined;
  readonly hash: string;
  readonly isSession: boolean;
  /** The server counts our requests; without, it speaks as before RFC 2617. */
  readonly isCounted: boolean;
  readonly hidesUser: boolean;
  /** The login was right, but its nonce too old. */
  readonly isStale: boolean;
}

/** The value of Authorization, and the challenge that it answers. */
export interface Proof {
  readonly authorization: string;
  readonly nonce: string;
}

/** The login at one origin by digest (RFC 7616): a challenge serves for all requests until the server gives another. */
export class DigestLogin {
  readonly #username: string;
  readonly #password: string;
  readonly #newCnonce: () => string;
  #terms: Terms | undefined;
  #cnonce = "";
  #count = 0;

  constructor(
    { username, password }: { readonly username: string; readonly password: string },
    newCnonce = () => randomBytes(16).toString("base64url"),
  ) {
    this.#username = username;
    this.#password = password;
    this.#newCnonce = newCnonce;
  }

  /** What shows the server who asks, for one request; undefined before the first challenge. */
  prove(method: string, uri: string): Proof | undefined {
    if (this.#terms === undefined) return undefined;
    const { realm, nonce, opaque, algorithm, hash, isSession, isCounted, hidesUser } = this.#terms;
    const digest = (...parts: readonly string[]) =>
      createHash(hash).update(parts.join(":"), "utf8").digest("hex");
    const cnonce = this.#cnonce;
    this.#count += 1;
    const nc = this.#count.toString(16).padStart(8, "0");
    const plain = digest(this.#username, realm, this.#password);
    const secret = isSession ? digest(plain, nonce, cnonce) : plain;
    const asked = digest(method, uri);
    const response = isCounted
      ? digest(secret, nonce, nc, cnonce, "auth", asked)
      : digest(secret, nonce, asked);
    const parameters = [
      userParameter(hidesUser ? digest(this.#username, realm) : this.#username),
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `uri=${quoted(uri)}`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(isCounted || isSession ? [`cnonce=${quoted(cnonce)}`] : []),
      ...(isCounted ? ["qop=auth", `nc=${nc}`] : []),
      ...(hidesUser ? ["userhash=true"] : []),
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
      `response="${response}"`,
    ];
    return { authorization: `Digest ${parameters.join(", ")}`, nonce };
  }

  /** Takes the challenge of a 401. Whether asking again may help: not when `proof` was for the very same challenge. */
  isChallenged(wwwAuthenticate: string, proof: Proof | undefined): boolean {
    const [terms] = challengesOf(wwwAuthenticate)
      .flatMap(termsOf)
      .sort((a, b) => strength.indexOf(nameOf(a.algorithm)) - strength.indexOf(nameOf(b.algorithm)));
    if (terms === undefined) return false;
    // Another request may have been given the same challenge before, and counts already.
    if (terms.isStale || terms.nonce !== this.#terms?.nonce) this.#use(terms);
    return terms.isStale || terms.nonce !== proof?.nonce;
  }

  /** RFC 7616 §3.5: a server may name the next nonce with an answer, and save us the refusal. */
  takeInfo(authenticationInfo: string): void {
    const [info] = challengesOf(`Digest ${authenticationInfo}`);
    const nonce = info?.parameters.nextnonce;
    if (nonce !== undefined && this.#terms !== undefined) this.#use({ ...this.#terms, nonce });
  }

  #use(terms: Terms): void {
    this.#terms = terms;
    this.#cnonce = this.#newCnonce();
    this.#count = 0;
  }
}

function termsOf({ scheme, parameters }: Challenge): Terms[] {
  const { realm, nonce, opaque, algorithm, qop, userhash, stale } = parameters;
  const hash = hashes[nameOf(algorithm)];
  const qualities = qop?.split(",").map((quality) => quality.trim().toLowerCase());
  const isSpoken = qualities === undefined || qualities.includes("auth");
  if (scheme.toLowerCase() !== "digest" || realm === undefined || nonce === undefined) return [];
  if (hash === undefined || !isSpoken) return [];
  return [
    {
      realm,
      nonce,
      opaque,
      algorithm,
      hash,
      isSession: /-sess$/i.test(algorithm ?? ""),
      isCounted: qualities !== undefined,
      hidesUser: userhash?.toLowerCase() === "true",
      isStale: stale?.toLowerCase() === "true",
    },
  ];
}

function nameOf(algorithm = "MD5"): string {
  return algorithm.toUpperCase().replace(/-SESS$/, "");
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** RFC 7616 §3.4: a name that a quoted string cannot carry is written as RFC 5987 has it. */
function userParameter(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return `username=${quoted(name)}`;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `username*=UTF-8''${encoded}`;
}
