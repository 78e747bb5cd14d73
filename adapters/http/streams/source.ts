import type { Auth } from "../client/auth.js";
import type { Tls } from "../client/tls.js";

/** Where messages come from as long as the gateway runs. */
export interface StreamSource {
  /** Of `http:` or `https:`, whatever the kind. */
  readonly url: URL;
  readonly kind: "sse" | "websocket";
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: Auth;
  readonly tls?: Tls;
  /** The subprotocols of a WebSocket that we speak, the best first. */
  readonly protocols: readonly string[];
  /** What a WebSocket is told each time it has opened, in order. */
  readonly send: readonly string[];
  /** Milliseconds without any message or comment after which the source counts as dead; without it silence is no fault. */
  readonly silence?: number;
}
