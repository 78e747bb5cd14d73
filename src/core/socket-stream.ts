import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A socket whose incoming bytes are looked at before anybody reads them. What `writableLength` counts has not left the
 * process.
 */
export class SocketStream extends Duplex {
  readonly #socket: Socket;

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
    this.#socket.resume();
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
    this.#socket.destroy();
    done(error);
  }

  #take(chunk: Buffer, admit: (chunk: Buffer) => readonly Buffer[]): void {
    try {
      for (const piece of admit(chunk)) {
        if (!this.push(piece)) this.#socket.pause();
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
