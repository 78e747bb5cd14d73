import type { StreamFailure } from "./failure.js";

/** The longest message that is handed on, in bytes. */
export const largestMessage = 64 * 1024;

/** What came at once: an event of an event stream, or a message of a WebSocket. */
export interface StreamMessage {
  readonly bytes: Uint8Array;
  /** The event's name; `message` where the server gave none, nothing on a WebSocket. */
  readonly event?: string;
  /** Where to go on after a reconnection. */
  readonly id?: string;
}

export interface ConnectionListener {
  onOpen(): void;
  /** The peer said something: a message or a comment. */
  onHeard(): void;
  onMessage(message: StreamMessage): void;
  /** A message was too large and left out. */
  onDropped(): void;
  /** How long the server wants us to wait before we connect again, in milliseconds. */
  onRetry(milliseconds: number): void;
  /** The last call, unless `close` came before. */
  onEnd(failure: StreamFailure): void;
}

/** One connection to a source, from the request to its end; it never reconnects. */
export interface StreamConnection {
  /** Ends it; nothing is told any more. Resolves when its socket is gone. */
  close(): Promise<void>;
  /** Where the peer can be told something: resolves when the text left this process. Rejects with a `GatewayError`. */
  send?(text: string, signal: AbortSignal): Promise<void>;
}
