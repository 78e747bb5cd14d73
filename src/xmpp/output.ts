import type { Socket } from "node:net";
import { longestTag, Padding } from "./padding.js";

const flushAt = 32 * 1024;
const limit = 1024 * 1024;

/** What waits to be written to one socket: collected into few large writes, and bounded. */
export class Output {
  readonly #socket: Socket;
  readonly #onFlush: () => void;
  #text = "";
  #bytes = 0;
  #scheduled: NodeJS.Immediate | undefined;
  readonly #padding = new Padding();

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
    const tag = longestTag(text, bytes);
    const waiting = this.#socket.writableLength + this.#bytes;
    if (!this.#socket.writable || waiting + bytes + this.#padding.lengthAfter(tag) > limit) return false;
    this.#text += text;
    this.#bytes += bytes;
    this.#padding.add(bytes, tag);
    this.#scheduled ??= setImmediate(() => this.flush());
    if (this.#bytes >= flushAt) this.#pass();
    return true;
  }

  /** Gives all to the socket. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const padding = this.#padding.take();
    this.#text += padding;
    this.#bytes += padding.length;
    this.#pass();
  }

  #pass(): void {
    if (this.#bytes === 0) return;
    // As bytes, because a socket counts what waits in strings by characters.
    const chunk = Buffer.from(this.#text);
    this.#text = "";
    this.#bytes = 0;
    if (this.#socket.writable) this.#socket.write(chunk);
    this.#onFlush();
  }
}
