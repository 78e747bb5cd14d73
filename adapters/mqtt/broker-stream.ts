import { readFileSync } from "node:fs";
import { connect, isIP, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectSecurely } from "node:tls";
import { OversizeCutter } from "./oversize.js";
import { isPem, type Settings } from "./settings.js";
import { largestImage } from "./wiring.js";

// A payload of the largest size that is read, one byte more, and the longest topic and packet id before it.
const largestBody = largestImage + 1 + 2 + 65_535 + 2;

/**
 * The socket to a broker: no Nagle, nothing huge comes in. What `writableLength` counts has not left the process.
 */
export class BrokerStream extends Duplex {
  readonly #socket: Socket;
  readonly #cutter = new OversizeCutter(largestBody);

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      for (const piece of this.#cutter.cut(chunk)) {
        if (!this.push(piece)) socket.pause();
      }
    });
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

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Begins to connect. Throws when a file named in `tls` cannot be read. */
export function openBrokerStream({ url, tls = {} }: Settings): BrokerStream {
  const { host, port, isSecure } = url;
  if (!isSecure) return new BrokerStream(connect({ host, port }));
  // Read anew each time: certificates are renewed while we run.
  const { ca, cert, key } = tls;
  return new BrokerStream(
    connectSecurely({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca: pemOf(ca) }),
      ...(cert === undefined ? {} : { cert: pemOf(cert) }),
      ...(key === undefined ? {} : { key: pemOf(key) }),
    }),
  );
}

function pemOf(pemOrPath: string): string {
  return isPem(pemOrPath) ? pemOrPath : readFileSync(pemOrPath, "utf8");
}
