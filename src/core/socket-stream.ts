import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** Where so much comes at once, there is more. */
const largeRead = 16 * 1024;

/**
 * A socket whose incoming bytes are looked at before anybody reads them. What `writableLength` counts has not left the
 * process. One large read is handed on in each turn of the event loop: who floods us must not keep others waiting.
 */
export class SocketStream extends Duplex {
  readonly #socket: Socket;
  #rest: NodeJS.Immediate | undefined;

  /** `admit` says what to hand on of a chunk, in order; what it throws ends the connection. */
  constructor(socket: Socket, admit: (chunk: Buffer) => readonly Buffer[]) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    // Latency: small packets are not to wait for one another (Nagle).
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk, admit));
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  override _read(): void {
    if (this.#rest === undefined) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    // An empty write only marks a place in the order.
    if (chunk.length === 0) done();
    else this.#socket.write(chunk, done);
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearImmediate(this.#rest);
    this.#socket.destroy();
    done(error);
  }

  #take(chunk: Buffer, admit: (chunk: Buffer) => readonly Buffer[]): void {
    try {
      for (const piece of admit(chunk)) {
        if (!this.push(piece)) this.#socket.pause();
      }
      if (chunk.length >= largeRead) this.#restForATurn();
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #restForATurn(): void {
    this.#socket.pause();
    this.#rest ??= setImmediate(() => {
      this.#rest = undefined;
      if (this.readableLength < this.readableHighWaterMark) this.#socket.resume();
    });
  }
}
