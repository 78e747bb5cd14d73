import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Aedes, type AedesOptions } from "aedes";

interface Published {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
}

/** A broker in this process, on a port of its own. */
export class TestBroker {
  /** What clients published, oldest first, across all starts. */
  readonly published: Published[] = [];
  /** The filters and qualities of service of every subscription, oldest first. */
  readonly subscribed: { readonly topic: string; readonly qos: number }[] = [];
  readonly unsubscribed: string[] = [];
  readonly #options: AedesOptions;
  readonly #sockets = new Set<Socket>();
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #port = 0;

  private constructor(options: AedesOptions) {
    this.#options = options;
  }

  static async open(options: AedesOptions = {}): Promise<TestBroker> {
    const broker = new TestBroker(options);
    await broker.start();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  /** On the same port as before; everything else is forgotten. */
  async start(): Promise<void> {
    const aedes = await Aedes.createBroker(this.#options);
    aedes.on("publish", ({ topic, payload, qos, retain }, client) => {
      if (client !== null) this.published.push({ topic, payload: payload.toString(), qos, retain });
    });
    aedes.on("subscribe", (subscriptions) => {
      for (const { topic, qos } of subscriptions) this.subscribed.push({ topic, qos });
    });
    aedes.on("unsubscribe", (topics, client) => {
      // A client that leaves gives up what it had, too.
      if (!client.closed) this.unsubscribed.push(...topics);
    });
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#aedes = aedes;
    this.#server = server;
  }

  /** Without a word to anyone. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
    await new Promise<void>((resolve) => this.#aedes?.close(() => resolve()) ?? resolve());
    this.#server = undefined;
    this.#aedes = undefined;
  }

  /** Reads nothing from anyone, until `resume`. */
  pause(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  async publish(topic: string, payload: string | Buffer, retain = false): Promise<void> {
    const packet = { cmd: "publish", topic, payload, retain, qos: 0, dup: false } as const;
    await new Promise<void>((resolve, reject) => {
      this.#aedes?.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }
}
