import type { Socket } from "node:net";

const flushAt = 32 * 1024;
const limit = 1024 * 1024;

/** What waits to be written to one socket: collected into few large writes, and bounded. */
export class Output {
  readonly #socket: Socket;
  readonly #onFlush: () => void;
  #text = "";
  #bytes = 0;
  #scheduled: NodeJS.Immediate | undefined;

  /** `onFlush` is called after the socket was given something: it may need to drain now. */
  constructor(socket: Socket, onFlush: () => void) {
    this.#socket = socket;
    this.#onFlush = onFlush;
  }

  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Returns false when too much is waiting already; then nothing was taken. */
  write(text: string, bytes: number): boolean {
    if (!this.#socket.writable || this.#socket.writableLength + this.#bytes + bytes > limit) return false;
    this.#text += text;
    this.#bytes += bytes;
    if (this.#bytes >= flushAt) this.flush();
    else this.#scheduled ??= setImmediate(() => this.flush());
    return true;
  }

  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#bytes === 0) return;
    // As bytes, because a socket counts what waits in strings by characters.
    const chunk = Buffer.from(this.#text);
    this.#text = "";
    this.#bytes = 0;
    if (this.#socket.writable) this.#socket.write(chunk);
    this.#onFlush();
  }

  /** Drops what waits here. */
  close(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    this.#text = "";
    this.#bytes = 0;
  }
}
