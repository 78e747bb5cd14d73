import { authHeaders } from "../client/auth.js";
import { DigestLogin, type Proof } from "../client/digest.js";
import { mostRedirects, redirected } from "../client/redirect.js";
import type { StreamSource } from "./source.js";

/** What an answer has in its head, as Node and undici give it. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The way to the answer that opens a stream: there may be redirects on it, and a challenge to log in by digest. */
export class Approach {
  readonly #source: StreamSource;
  readonly #login: DigestLogin | undefined;
  #url: URL;
  #redirects = 0;
  #proof: Proof | undefined;
  #wasChallenged = false;

  constructor(source: StreamSource) {
    this.#source = source;
    this.#url = source.url;
    this.#login = source.auth?.kind === "digest" ? new DigestLogin(source.auth) : undefined;
  }

  /** Where to ask now; always of the same origin. */
  get url(): URL {
    return this.#url;
  }

  /** What to say with the next request, and with no other. */
  newHeaders(): Record<string, string> {
    const { headers, auth } = this.#source;
    this.#proof = this.#login?.prove("GET", this.#url.pathname + this.#url.search);
    return {
      "user-agent": "Homeroster",
      ...headers,
      ...authHeaders(auth),
      ...(this.#proof && { authorization: this.#proof.authorization }),
    };
  }

  /** Whether to ask again after this answer. Throws an `HttpFailure` where a redirect leads astray. */
  leadsOn(status: number, headers: AnswerHeaders): boolean {
    const next = redirected({ method: "GET", url: this.#url }, status, headerOf(headers, "location"));
    if (next !== undefined && this.#redirects < mostRedirects) {
      this.#redirects += 1;
      this.#url = next.url;
      this.#wasChallenged = false;
      return true;
    }
    if (status !== 401 || this.#wasChallenged || this.#login === undefined) return false;
    this.#wasChallenged = true;
    return this.#login.isChallenged(headerOf(headers, "www-authenticate") ?? "", this.#proof);
  }
}

export function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}
