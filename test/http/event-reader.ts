import { onTestFinished } from "vitest";

/** One block of an event stream as it came; `data` is parsed. */
export interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
  readonly retry?: string;
  /** The text of a comment. */
  readonly comment?: string;
}

/** Reads an event stream block by block, as a client would. */
export class EventReader {
  readonly response: Response;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  readonly #decoder = new TextDecoder();
  readonly #abort: AbortController;
  #text = "";

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
  }

  static async open(url: string, token: string, lastEventId?: string): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(`${url}/api/v1/events`, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
      },
      signal: abort.signal,
    });
    const reader = new EventReader(response, abort);
    onTestFinished(() => reader.close());
    return reader;
  }

  /** `undefined` when the stream has ended. */
  async next(): Promise<Block | undefined> {
    let end = this.#text.indexOf("\n\n");
    this.#chunks ??= this.response.body?.[Symbol.asyncIterator]();
    if (this.#chunks === undefined) throw new Error("the answer has no body");
    while (end < 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
      end = this.#text.indexOf("\n\n");
    }
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return Object.fromEntries(block.split("\n").map(fieldOf));
  }

  async take(count: number): Promise<readonly (Block | undefined)[]> {
    const blocks: (Block | undefined)[] = [];
    while (blocks.length < count) blocks.push(await this.next());
    return blocks;
  }

  close(): void {
    this.#abort.abort();
  }
}

function fieldOf(line: string): [string, unknown] {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1).trimStart();
  if (name === "") return ["comment", value];
  return [name, name === "data" ? JSON.parse(value) : value];
}
