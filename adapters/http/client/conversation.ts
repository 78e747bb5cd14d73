import { STATUS_CODES } from "node:http";
import { authHeaders } from "./auth.js";
import { challengesOf } from "./challenges.js";
import type { Connection } from "./connection.js";
import type { DigestLogin, Proof } from "./digest.js";
import { accepted, decode, EncodingFault } from "./encoding.js";
import { type Incoming, isGood, StaleConnection } from "./exchange.js";
import { HttpFailure, shown } from "./failure.js";
import { mostRedirects, redirected } from "./redirect.js";
import type { HttpAnswer, HttpRequest, RequestOptions } from "./request.js";
import { retryAfterOf } from "./retry-after.js";
import type { ValidatorMemory } from "./validators.js";

/** One request and all that it takes to have its answer: redirects, a lost connection, decoding. */
export class Conversation {
  readonly #request: HttpRequest;
  readonly #options: RequestOptions;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #validators: ValidatorMemory;
  readonly #digest: DigestLogin | undefined;

  constructor(parts: {
    readonly request: HttpRequest;
    readonly options: RequestOptions;
    readonly connection: Connection;
    /** Its reason is a `BreakOff`. */
    readonly signal: AbortSignal;
    readonly validators: ValidatorMemory;
    readonly digest: DigestLogin | undefined;
  }) {
    this.#request = parts.request;
    this.#options = parts.options;
    this.#connection = parts.connection;
    this.#signal = parts.signal;
    this.#validators = parts.validators;
    this.#digest = parts.digest;
  }

  async answer(): Promise<HttpAnswer> {
    let { method, url }: { method: string; url: URL } = this.#request;
    let isDone = false;
    for (let redirects = 0; ; redirects += 1) {
      try {
        const incoming = await this.#ask(method, url);
        const next = redirected({ method, url }, incoming.status, incoming.headers.location);
        if (next === undefined) return await this.#read(url, incoming);
        if (redirects === mostRedirects) {
          throw new HttpFailure("redirect", `${shown(url)} redirects once more, to ${shown(next.url)}`);
        }
        // 307 and 308 want the same request again: it has not been done yet.
        isDone ||= incoming.status < 307;
        ({ method, url } = next);
      } catch (error) {
        if (!(error instanceof HttpFailure) || error.mayHaveHappened || !isDone) throw error;
        const { kind, message, status, retryAfter, cause } = error;
        throw new HttpFailure(kind, message, {
          ...(status && { status }),
          retryAfter,
          cause,
          mayHaveHappened: true,
        });
      }
    }
  }

  async #ask(method: string, url: URL): Promise<Incoming> {
    const digest = this.#digest;
    if (digest === undefined) return this.#send(method, url, {});
    const prove = () => digest.prove(method, `${url.pathname}${url.search}`);
    const first = prove();
    let incoming = await this.#send(method, url, authorization(first));
    if (incoming.status === 401 && digest.isChallenged(incoming.headers["www-authenticate"] ?? "", first)) {
      incoming = await this.#send(method, url, authorization(prove()));
    }
    digest.takeInfo(incoming.headers["authentication-info"] ?? "");
    return incoming;
  }

  async #send(method: string, url: URL, login: Readonly<Record<string, string>>): Promise<Incoming> {
    const { limit } = this.#request;
    const outgoing = {
      method,
      url,
      headers: { ...this.#headers(url), ...login },
      body: this.#bodyFor(method),
      limit,
    };
    try {
      return await this.#connection.exchange(outgoing, this.#signal);
    } catch (error) {
      // RFC 9110 §9.2.2: only what changes nothing is asked again by itself. A command may be a GET, too.
      const mayRepeat = this.#options.priority === "poll" && (method === "GET" || method === "HEAD");
      if (!(error instanceof StaleConnection) || !mayRepeat) throw error;
      return await this.#connection.exchange(outgoing, this.#signal);
    }
  }

  #bodyFor(method: string): string | Uint8Array | undefined {
    return method === this.#request.method ? this.#request.body : undefined;
  }

  #headers(url: URL): Record<string, string> {
    const { headers, auth } = this.#request;
    const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    return {
      "user-agent": "Homeroster",
      accept: "*/*",
      "accept-encoding": accepted,
      ...Object.fromEntries(given),
      ...(this.#options.isConditional === true && this.#validators.conditionsOf(this.#request, url)),
      ...authHeaders(auth),
    };
  }

  async #read(url: URL, incoming: Incoming): Promise<HttpAnswer> {
    const { status, headers } = incoming;
    const isUnchanged = status === 304 && this.#options.isConditional === true;
    if (!isGood(status) && !isUnchanged) throw refusal(url, incoming);
    if (!isUnchanged) this.#validators.remember(this.#request, url, headers);
    return { status, headers, body: await this.#decoded(url, incoming), isUnchanged };
  }

  async #decoded(url: URL, { headers, body }: Incoming): Promise<Uint8Array> {
    try {
      return await decode(body, headers["content-encoding"] ?? "", this.#request.limit);
    } catch (error) {
      if (!(error instanceof EncodingFault)) throw error;
      const kind = error.isTooLarge ? "too-large" : "broken";
      throw new HttpFailure(kind, `${shown(url)} ${error.message}`, { mayHaveHappened: true });
    }
  }
}

function authorization(proof: Proof | undefined): Record<string, string> {
  return proof === undefined ? {} : { authorization: proof.authorization };
}

function refusal(url: URL, { status, headers }: Incoming): HttpFailure {
  const isUnauthorized = status === 401 || status === 403;
  const name = STATUS_CODES[status];
  return new HttpFailure(
    isUnauthorized ? "unauthorized" : "status",
    `${shown(url)} answered ${status}${name === undefined ? "" : ` ${name}`}${isUnauthorized ? adviceOf(headers) : ""}`,
    { status, retryAfter: retryAfterOf(headers["retry-after"]), mayHaveHappened: status >= 500 },
  );
}

const longestScheme = 20;

function adviceOf(headers: Readonly<Record<string, string>>): string {
  const schemes = challengesOf(headers["www-authenticate"] ?? "").map(({ scheme }) => scheme.toLowerCase());
  const known = schemes.filter((scheme) => scheme.length <= longestScheme);
  const wanted = [...new Set(known)].slice(0, 3).join(" or ");
  return wanted === "" ? "; check `auth`" : `; check \`auth\`, it asks for ${wanted}`;
}
