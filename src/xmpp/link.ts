import type { Element } from "./xml.js";

/** `auth-failed`: the server refuses us for a reason that only its operator or ours can mend. */
export type LinkState = "connecting" | "online" | "auth-failed" | "offline";

export interface LinkEvents {
  /** The stream is up and the handshake accepted. */
  online: [];
  /** The stream is gone; what was sent since the last reply may be lost. */
  offline: [reason: string];
  /** A stanza that is no reply to a request of ours and keeps all limits. */
  stanza: [stanza: Element];
  /** `isWritable` became true again. */
  writable: [];
}

/** What a handler needs of a component stream (XEP-0114). */
export interface Link {
  /** The component's domain. */
  readonly domain: string;
  readonly state: LinkState;
  /** A sentence about `state` for a person. */
  readonly detail: string;
  /**
   * Whether more state (presence) should be written now. False while the link is down, the socket is full, or too much
   * is unanswered; then keep only the newest of each and wait for `writable`.
   */
  readonly isWritable: boolean;
  /**
   * Whether the server has returned a ping since the link came up. What arrives before that may have waited where nobody
   * can see how long; false while the link is down.
   */
  readonly isCaughtUp: boolean;
  /** Begins to connect, and connects again for ever until `stop`. */
  start(): void;
  /** Writes out what waits, closes the stream and the socket. Resolves within 3 s, whatever the server does. */
  stop(): Promise<void>;
  /**
   * Hands a stanza to the stream. Cleans out what XML forbids. Returns false when it was not taken: the link is down,
   * its output is full, the addresses are wrong, or it is larger than a stanza may be. Never throws.
   */
  send(stanza: Element): boolean;
  /**
   * Sends an IQ request and resolves with its `result`, matched on id, sender and receiver. Rejects with a
   * `StanzaError`: the peer's own, else `wait/remote-server-timeout` after `timeout` ms or when the link goes down, else
   * `wait/resource-constraint` when it was not taken.
   */
  request(iq: Element, timeout?: number): Promise<Element>;
  on<Name extends keyof LinkEvents>(name: Name, listener: (...args: LinkEvents[Name]) => void): void;
}
