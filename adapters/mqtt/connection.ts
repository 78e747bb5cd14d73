import { MqttClient } from "mqtt";
import { GatewayError, messageOf } from "../../src/core/errors.js";
import type { SocketStream } from "../../src/core/socket-stream.js";
import type { Qos } from "./addresses.js";
import { openBrokerStream } from "./broker-stream.js";
import { type Failure, failureOf, refusal } from "./failure.js";
import type { Publication } from "./publication.js";
import type { Settings } from "./settings.js";

const connectTimeout = 10_000;
const closeTimeout = 1500;
const filtersPerPacket = 500;
const refusedFilter = 0x80;
const nothing = Buffer.alloc(0);
const lostSentence =
  "The connection to the broker was lost before it took the command; it may have happened.";

interface ConnectionListener {
  onOnline(): void;
  onMessage(topic: string, payload: Uint8Array, isRetained: boolean): void;
  /** The last call, unless `close` came before. */
  onLost(failure: Failure): void;
}

/**
 * One connection to a broker, from CONNECT to its end; it never reconnects. The package's client keeps what was not
 * acknowledged and would send it again on its next connection, when nobody wants it any more; here both end together.
 */
export class Connection {
  readonly #client: MqttClient;
  readonly #stream: SocketStream;
  /** What to tell those who wait for an acknowledgement when the connection ends. */
  readonly #onEnd = new Set<() => void>();
  #isClosing = false;
  #failure: Failure | undefined;

  /** Begins to connect. Throws when a file named in the settings cannot be read. */
  constructor(settings: Settings, clientId: string, listener: ConnectionListener) {
    const { version, keepalive, username, password, will } = settings;
    this.#stream = openBrokerStream(settings);
    this.#client = new MqttClient(() => this.#stream, {
      clientId,
      protocolVersion: version,
      clean: true,
      keepalive,
      connectTimeout,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(will === undefined ? {} : { will: { ...will, payload: Buffer.from(will.payload) } }),
    });
    this.#client.on("connect", () => listener.onOnline());
    this.#client.on("message", (topic, payload, packet) => {
      if (!this.#isClosing) listener.onMessage(topic, payload, packet.retain);
    });
    this.#client.on("disconnect", ({ reasonCode = 0 }) => this.#fail(refusal(reasonCode)));
    this.#client.on("error", (error) => this.#fail(failureOf(error)));
    this.#client.on("close", () => {
      for (const tell of this.#onEnd) tell();
      if (!this.#isClosing)
        listener.onLost(this.#failure ?? { text: "it closed the connection", isRefusal: false });
    });
  }

  get isOnline(): boolean {
    return this.#client.connected && !this.#stream.destroyed;
  }

  /**
   * Asks for everything under these filters, ahead of all that is published later, and for what the broker kept of it.
   * `onRefused` hears of those that the broker denies. Resolves when all is answered or the connection ended.
   */
  async subscribe(
    filters: ReadonlyMap<string, Qos>,
    onRefused: (filters: readonly string[]) => void,
  ): Promise<void> {
    const ofQos = (qos: Qos) => [...filters].filter(([, wanted]) => wanted === qos).map(([filter]) => filter);
    await Promise.all(
      ([0, 1, 2] as const).flatMap((qos) =>
        chunks(ofQos(qos)).map((chunk) =>
          this.#answered((done) =>
            this.#client.subscribe(chunk, { qos }, (_error, _grants, packet) => {
              const codes = packet?.granted ?? [];
              const refused = chunk.filter((_, index) => Number(codes[index]) >= refusedFilter);
              if (refused.length > 0) onRefused(refused);
              done();
            }),
          ),
        ),
      ),
    );
  }

  /** Resolves when the broker sends no more of these, or the connection ended. */
  async unsubscribe(filters: readonly string[]): Promise<void> {
    await Promise.all(
      chunks(filters).map((chunk) => this.#answered((done) => this.#client.unsubscribe(chunk, done))),
    );
  }

  /**
   * Resolves when the broker has it: at QoS 0 when it left this process, else when it was acknowledged. Once `signal`
   * aborted or the connection ended, nothing of it leaves any more.
   */
  async publish({ topic, payload, qos, retain }: Publication, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GatewayError("adapter-failed", "It was cancelled before it left.");
    if (!this.isOnline) throw new GatewayError("device-offline", "There is no connection to the broker.");
    let hasLeft = false;
    let onAbort = () => {};
    let onEnd = () => {};
    const taken = new Promise<void>((resolve, reject) => {
      const settle = (error: Error | null | undefined) => {
        if (error === undefined || error === null) return resolve();
        const sentence = this.isOnline ? `The broker refused it: ${messageOf(error)}.` : lostSentence;
        reject(new GatewayError("adapter-failed", sentence, { cause: error }));
      };
      onEnd = () => reject(new GatewayError("adapter-failed", lostSentence));
      onAbort = () => {
        // What still waits in this process leaves later unless the connection ends; so does the second half of QoS 2.
        if (!hasLeft || qos === 2) this.#fail({ text: "it stopped reading", isRefusal: false });
        reject(
          new GatewayError("adapter-failed", "The broker did not take it in time; it may have happened."),
        );
      };
      this.#client.publish(topic, payload, { qos, retain }, qos === 0 ? undefined : settle);
      // Written in order: this is called when all before it has left.
      this.#stream.write(nothing, (error) => {
        hasLeft = true;
        if (qos === 0) settle(error);
      });
    });
    signal.addEventListener("abort", onAbort, { once: true });
    this.#onEnd.add(onEnd);
    try {
      await taken;
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#onEnd.delete(onEnd);
    }
  }

  /** Takes leave with `farewell`, so that the broker does not publish the will; within 2 s in any case. */
  async close(farewell: Publication | undefined): Promise<void> {
    this.#isClosing = true;
    if (this.isOnline) {
      const deadline = AbortSignal.timeout(closeTimeout);
      const late = new Promise<void>((resolve) => deadline.addEventListener("abort", () => resolve()));
      if (farewell !== undefined) await this.publish(farewell, deadline).catch(() => {});
      await Promise.race([late, new Promise<void>((resolve) => this.#client.end(false, () => resolve()))]);
    }
    if (this.#stream.closed) return;
    const closed = new Promise<void>((resolve) => this.#stream.once("close", () => resolve()));
    this.#stream.destroy();
    await closed;
  }

  /** Resolves when `ask` says that it is done, or when the connection ends. */
  async #answered(ask: (done: () => void) => void): Promise<void> {
    // Nobody would answer what is asked of an ended connection.
    if (!this.isOnline) return;
    let onEnd = () => {};
    const answer = new Promise<void>((resolve) => {
      onEnd = resolve;
      ask(resolve);
    });
    this.#onEnd.add(onEnd);
    await answer;
    this.#onEnd.delete(onEnd);
  }

  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#stream.destroy();
  }
}

function chunks(filters: readonly string[]): readonly string[][] {
  return Array.from({ length: Math.ceil(filters.length / filtersPerPacket) }, (_, index) =>
    filters.slice(index * filtersPerPacket, (index + 1) * filtersPerPacket),
  );
}
