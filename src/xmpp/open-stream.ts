import type { FailureCause } from "./backoff.js";
import type { Element } from "./xml.js";

/** Why a stream ended or never came to be. `detail` is a sentence for a person. */
export interface StreamFailure {
  readonly cause: FailureCause;
  readonly detail: string;
}

/** What happens to one stream. Nothing comes after `onEnd`, nor after `close`. */
export interface StreamHandlers {
  /** The handshake was accepted. */
  onOnline(): void;
  onStanza(stanza: Element): void;
  /** A stanza broke a limit and was not built: its name and attributes, where these were not too much themselves. */
  onOversized(head: Element | undefined): void;
  /** The socket took something, or may take more. */
  onOutput(): void;
  onEnd(failure: StreamFailure): void;
}

/** One stream, from the connecting of its socket to its end. It is never opened again. */
export interface OpenStream {
  /** Whether the socket has more to write than it likes. */
  readonly isFull: boolean;
  /** Returns false when too much is waiting to be written; then nothing was taken. */
  write(text: string, bytes: number): boolean;
  /** Ends it at once, and tells `onEnd` the sentence. */
  abort(detail: string): void;
  /** Writes out what waits and closes the stream. Resolves when the socket is closed, after `timeout` ms at the latest. */
  close(timeout: number): Promise<void>;
}
