import { createParser, type EventSourceMessage } from "eventsource-parser";
import { largestMessage } from "./connection.js";

/** The end of a line and an empty line behind it; CR, LF and CRLF end a line. */
const emptyLine = /\n[\r\n]|\r\r/;

/**
 * The events in the bytes of one event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). Holds one
 * unfinished event at most; one that grows too large is left out, and the next is read again.
 */
export class EventStreamParser {
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    maxBufferSize: largestMessage,
    onEvent: (event) => {
      if (Buffer.byteLength(event.data) <= largestMessage) this.#events.push(event);
      else this.#onDropped();
    },
    onRetry: (milliseconds) => this.#onRetry(milliseconds),
    onError: ({ type }) => {
      if (type !== "max-buffer-size-exceeded") return;
      this.#isSkipping = true;
      this.#onDropped();
    },
  });
  readonly #onRetry: (milliseconds: number) => void;
  readonly #onDropped: () => void;
  #events: EventSourceMessage[] = [];
  #isSkipping = false;
  #last = "";

  constructor(onRetry: (milliseconds: number) => void, onDropped: () => void) {
    this.#onRetry = onRetry;
    this.#onDropped = onDropped;
  }

  /** The events that these bytes complete, oldest first. */
  take(bytes: Uint8Array): readonly EventSourceMessage[] {
    this.#events = [];
    const text = this.#decoder.decode(bytes, { stream: true });
    const wanted = this.#isSkipping ? this.#afterSkipped(text) : text;
    this.#last = text.at(-1) ?? this.#last;
    if (wanted !== "") this.#parser.feed(wanted);
    return this.#events;
  }

  /** What follows the event that was too large, once it has ended. */
  #afterSkipped(text: string): string {
    const both = this.#last + text;
    const end = emptyLine.exec(both);
    if (end === null) return "";
    this.#isSkipping = false;
    this.#parser.reset();
    return both.slice(end.index + end[0].length);
  }
}
