import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

const patience = 10_000;

/** A small XEP-0114 server in this process, whose every byte a test decides. */
export interface ComponentServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly domain: "iot.house.test";
  readonly secret: string;
  /** How many connections there were. */
  readonly connections: number;
  /** The next connection that no test has taken yet. It hears nothing before the test says it. */
  accept(): Promise<Peer>;
  stop(): Promise<void>;
}

export async function startComponentServer(
  options: {
    readonly secret?: string;
    readonly port?: number;
    readonly tls?: { readonly key: string; readonly cert: string };
  } = {},
): Promise<ComponentServer> {
  const { secret = "component-secret", port = 0, tls } = options;
  const waiting: Peer[] = [];
  const takers: ((peer: Peer) => void)[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const onConnection = (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    const peer = new Peer(socket, secret);
    const taker = takers.shift();
    if (taker === undefined) waiting.push(peer);
    else taker(peer);
  };
  const server: Server =
    tls === undefined
      ? createServer(onConnection)
      : createTlsServer(tls, onConnection).on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  return {
    host: "127.0.0.1",
    port: typeof address === "object" && address !== null ? address.port : 0,
    domain: "iot.house.test",
    secret,
    get connections() {
      return connections;
    },
    accept: () => {
      const peer = waiting.shift();
      return peer === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(peer);
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The server's end of one connection. */
export class Peer {
  readonly closed: Promise<void>;
  /** Whether a ping of the component to itself goes back to it, as servers do. */
  reflects = true;
  received = "";
  /** In how many pieces it came. */
  chunks = 0;
  readonly #socket: Socket;
  readonly #secret: string;
  readonly #watchers = new Set<() => void>();
  #reflected = 0;

  constructor(socket: Socket, secret: string) {
    this.#socket = socket;
    this.#secret = secret;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (text: string) => {
      this.received += text;
      this.chunks++;
      if (this.reflects) this.reflect();
      for (const watcher of this.#watchers) watcher();
    });
  }

  write(bytes: string | Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  /** Waits for what was received to fit, and returns the first group of the pattern, else the whole match. */
  async waitFor(pattern: RegExp): Promise<string> {
    const found = () => {
      const match = pattern.exec(this.received);
      return match === null ? undefined : (match[1] ?? match[0]);
    };
    const present = found();
    if (present !== undefined) return present;
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
      };
      const watcher = () => {
        const match = found();
        if (match === undefined) return;
        end();
        resolve(match);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`${pattern} did not come in ${patience} ms, but: ${this.received.slice(-500)}`));
      }, patience);
      this.#watchers.add(watcher);
    });
  }

  /** Answers the header and the handshake. */
  async login(id = "stream-1"): Promise<void> {
    await this.header(id);
    const digest = createHash("sha1")
      .update(id + this.#secret, "utf8")
      .digest("hex");
    await this.waitFor(new RegExp(`<handshake>${digest}</handshake>`));
    this.write("<handshake/>");
  }

  async header(id = "stream-1"): Promise<void> {
    await this.waitFor(/<stream:stream [^>]*to="iot.house.test"[^>]*>/);
    this.write(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='iot.house.test' id='${id}'>`,
    );
  }

  /** Sends the pings back that came since the last time. */
  reflect(): void {
    const from = this.#reflected;
    for (const ping of this.received.slice(from).matchAll(/<iq [^>]*><ping [^>]*><\/iq>/g)) {
      this.write(ping[0]);
      this.#reflected = from + ping.index + ping[0].length;
    }
  }

  /** Reads no more, so that the component's output stands. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }
}
