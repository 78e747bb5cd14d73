import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { Client, type Dispatcher } from "undici";
import { connectorTo } from "../client/socket.js";
import { type AnswerHeaders, Approach, headerOf } from "./approach.js";
import type { ConnectionListener, StreamConnection } from "./connection.js";
import { EventStreamParser } from "./event-stream-parser.js";
import { failureOf, loss, nameOf, refusal, type StreamFailure, statusFailure } from "./failure.js";
import type { StreamSource } from "./source.js";

/** A peer that is gone without a word is noticed 10 s after so long: ten probes, one each second. */
const probeAfter = 15_000;
/** What is done in one turn of the event loop, in bytes and milliseconds: who floods us must not keep others waiting. */
const bytesPerTurn = 4096;
const timePerTurn = 5;
const longestId = 1024;

/** One request for server-sent events. */
export class SseConnection implements StreamConnection {
  readonly #source: StreamSource;
  readonly #name: string;
  readonly #listener: ConnectionListener;
  readonly #closing = new AbortController();
  readonly #client: Client;
  readonly #done: Promise<void>;
  #socket: Socket | undefined;
  #isOpen = false;

  /** Begins to connect. `lastEventId` is where to go on. */
  constructor(source: StreamSource, lastEventId: string | undefined, listener: ConnectionListener) {
    this.#source = source;
    this.#name = nameOf(source);
    this.#listener = listener;
    this.#client = new Client(source.url.origin, {
      // Deadlines and silence are the stream's; a source may have nothing to say for hours.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: connectorTo(source.url, source.tls ?? {}, (socket) => {
        socket.setKeepAlive(true, probeAfter);
        this.#socket = socket;
      }),
    });
    this.#done = this.#run(lastEventId);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#socket?.destroy();
    await this.#done;
  }

  async #run(lastEventId: string | undefined): Promise<void> {
    const failure = await this.#follow(lastEventId).catch((error: unknown) =>
      failureOf(this.#name, error, this.#isOpen),
    );
    this.#socket?.destroy();
    await this.#client.destroy();
    if (!this.#closing.signal.aborted) this.#listener.onEnd(failure);
  }

  /** Resolves with the reason why there is no more to come. */
  async #follow(lastEventId: string | undefined): Promise<StreamFailure> {
    const { statusCode, headers, body } = await this.#ask(lastEventId);
    const failure = this.#unfitness(statusCode, headers);
    if (failure !== undefined) {
      // Nobody reads what it says instead.
      body.on("error", () => {});
      return failure;
    }
    this.#isOpen = true;
    this.#listener.onOpen();
    await this.#read(body);
    return loss(this.#name, "ended the stream");
  }

  async #ask(lastEventId: string | undefined): Promise<Dispatcher.ResponseData> {
    const { signal } = this.#closing;
    const approach = new Approach(this.#source);
    for (;;) {
      const { url } = approach;
      const path = url.pathname + url.search;
      const headers = {
        ...approach.newHeaders(),
        accept: "text/event-stream",
        "accept-encoding": "identity",
        "cache-control": "no-cache",
        ...idHeader(lastEventId),
      };
      const answer = await this.#client.request({ method: "GET", path, headers, signal });
      signal.throwIfAborted();
      if (!approach.leadsOn(answer.statusCode, answer.headers)) return answer;
      await answer.body.dump();
    }
  }

  /** Why this answer is no event stream. */
  #unfitness(status: number, headers: AnswerHeaders): StreamFailure | undefined {
    if (status !== 200) return statusFailure(this.#name, status, headers);
    const type = (headerOf(headers, "content-type") ?? "an unnamed type").slice(0, 80);
    if (!/^text\/event-stream *(;|$)/i.test(type)) {
      return refusal(this.#name, `answered with ${type} instead of text/event-stream; check \`url\``);
    }
    const encoding = headerOf(headers, "content-encoding") ?? "identity";
    if (encoding === "identity") return undefined;
    return refusal(this.#name, `compresses the events (${encoding}) unasked`);
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const { signal } = this.#closing;
    const parser = new EventStreamParser(
      (milliseconds) => this.#listener.onRetry(milliseconds),
      () => this.#listener.onDropped(),
    );
    for await (const chunk of body) {
      this.#listener.onHeard();
      for (let at = 0; at < chunk.length; at += bytesPerTurn) {
        let turnEnds = performance.now() + timePerTurn;
        for (const { data, event = "message", id } of parser.take(chunk.subarray(at, at + bytesPerTurn))) {
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

/** The bytes of a header are those of the id; what no header can hold is left out. */
function idHeader(id: string | undefined): Record<string, string> {
  const value = Buffer.from(id ?? "").toString("latin1");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
  const isFit = value !== "" && value.length <= longestId && !/[\x00-\x1f\x7f]/.test(value);
  return isFit ? { "last-event-id": value } : {};
}
