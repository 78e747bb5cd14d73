import { setImmediate as turn } from "node:timers/promises";
import { Client, type Dispatcher } from "undici";
import type { ConnectionListener, StreamConnection } from "./connection.js";
import { EventReader } from "./event-reader.js";
import { failureOf, loss, refusal, type StreamFailure, statusFailure } from "./failure.js";
import type { StreamSource } from "./source.js";

const connectTimeout = 10_000;
/** A peer that is gone without a word is noticed 10 s after so long: ten probes, one each second. */
const probeAfter = 15_000;
/** What is done in one turn of the event loop, in bytes and milliseconds: who floods us must not keep others waiting. */
const bytesPerTurn = 4096;
const timePerTurn = 20;
const longestId = 1024;

/** One request for server-sent events. */
export class SseConnection implements StreamConnection {
  readonly #source: StreamSource;
  readonly #listener: ConnectionListener;
  readonly #closing = new AbortController();
  readonly #client: Client;
  readonly #done: Promise<void>;

  /** Begins to connect. `lastEventId` is where to go on. */
  constructor(source: StreamSource, lastEventId: string | undefined, listener: ConnectionListener) {
    this.#source = source;
    this.#listener = listener;
    this.#client = new Client(source.url.origin, {
      connect: { timeout: connectTimeout, keepAlive: true, keepAliveInitialDelay: probeAfter },
      // Deadlines and silence are the stream's; a source may have nothing to say for hours.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#done = this.#run(lastEventId);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  async #run(lastEventId: string | undefined): Promise<void> {
    const failure = await this.#follow(lastEventId).catch(failureOf);
    await this.#client.destroy();
    if (!this.#closing.signal.aborted) this.#listener.onEnd(failure);
  }

  /** Resolves with the reason why there is no more to come. */
  async #follow(lastEventId: string | undefined): Promise<StreamFailure> {
    const answer = await this.#client.request({
      method: "GET",
      path: this.#source.url.pathname + this.#source.url.search,
      headers: {
        ...this.#source.headers,
        accept: "text/event-stream",
        "accept-encoding": "identity",
        "cache-control": "no-cache",
        ...idHeader(lastEventId),
      },
      signal: this.#closing.signal,
    });
    const failure = unfitness(answer);
    if (failure !== undefined) {
      answer.body.on("error", () => {}).destroy();
      return failure;
    }
    if (this.#closing.signal.aborted) return loss("it was closed");
    this.#listener.onOpen();
    await this.#read(answer.body);
    return loss("it ended the stream");
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const { signal } = this.#closing;
    const reader = new EventReader(
      (milliseconds) => this.#listener.onRetry(milliseconds),
      () => this.#listener.onDropped(),
    );
    for await (const chunk of body) {
      this.#listener.onHeard();
      for (let at = 0; at < chunk.length; at += bytesPerTurn) {
        let turnEnds = performance.now() + timePerTurn;
        for (const { data, event = "message", id } of reader.take(chunk.subarray(at, at + bytesPerTurn))) {
          if (signal.aborted) return;
          this.#listener.onMessage({ bytes: Buffer.from(data), event, ...(id === undefined ? {} : { id }) });
          if (performance.now() < turnEnds) continue;
          await turn();
          turnEnds = performance.now() + timePerTurn;
        }
        await turn();
      }
    }
  }
}

/** Why this answer is no event stream. */
function unfitness({ statusCode, headers }: Dispatcher.ResponseData): StreamFailure | undefined {
  if (statusCode !== 200) return statusFailure(statusCode, headers);
  const type = String(headers["content-type"] ?? "an unnamed type").slice(0, 80);
  if (!/^text\/event-stream *(;|$)/i.test(type)) {
    return refusal(`it answered with ${type} instead of text/event-stream; check \`url\``);
  }
  const encoding = String(headers["content-encoding"] ?? "identity");
  return encoding === "identity" ? undefined : refusal(`it compresses the events (${encoding}) unasked`);
}

/** The bytes of a header are those of the id; what no header can hold is left out. */
function idHeader(id: string | undefined): Record<string, string> {
  const value = Buffer.from(id ?? "").toString("latin1");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
  const isFit = value !== "" && value.length <= longestId && !/[\x00-\x1f\x7f]/.test(value);
  return isFit ? { "last-event-id": value } : {};
}
