import type { Auth } from "./auth.js";
import type { Tls } from "./tls.js";

/** One request as a person would write it; the client adds what the protocol needs. */
export interface HttpRequest {
  readonly method: string;
  /** http: or https:; a user or password in it is not sent. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly auth?: Auth;
  readonly tls?: Tls;
  /** Milliseconds for the whole exchange, from the connection to the last byte of the body; waiting for a turn not counted. */
  readonly timeout: number;
  /** The most bytes that the body may have, as sent and as decoded. */
  readonly limit: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** By names in lower case; what came more than once is joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without its content encoding. */
  readonly body: Uint8Array;
  /** The server says that nothing changed since the last answer to this request (304); there is no body. */
  readonly isUnchanged: boolean;
}

export interface RequestOptions {
  /** Takes the request back: from the queue, or in the middle of the exchange. */
  readonly signal: AbortSignal;
  /** Of one origin's waiting requests, commands leave before polls. A poll may be sent again where a connection was lost. */
  readonly priority: "command" | "poll";
  /**
   * Asks only for what changed since the last answer to this very `HttpRequest` object: whoever polls keeps the object, so
   * that nobody is told "unchanged" of a body that somebody else read.
   */
  readonly isConditional?: boolean;
}
