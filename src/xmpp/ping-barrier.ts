import { randomUUID } from "node:crypto";
import { NS } from "./namespaces.js";
import { Window } from "./window.js";
import type { Element } from "./xml.js";

/** Stanzas between two pings. */
const stride = 64;
/** How many may be unacknowledged before the link counts as full. */
const limits = { least: 256, most: 1_024, step: stride, quick: 50, slow: 200 };

interface Ping {
  readonly id: string;
  /** How many stanzas had been sent before it. */
  readonly sent: number;
  /** When it was written, on the monotonic clock. */
  readonly at: number;
}

export interface PingTiming {
  /** Milliseconds between two pings on a silent link. */
  readonly pingEvery: number;
  /** Milliseconds within which a ping must be back. */
  readonly pingTimeout: number;
}

/**
 * Pings (XEP-0199) from our domain to our own domain. The server routes them back to us, in order: one that returns
 * proves that the link is alive and that the server has read every stanza before it.
 */
export class PingBarrier {
  readonly #domain: string;
  readonly #timing: PingTiming;
  readonly #write: (ping: string) => void;
  readonly #onSilence: () => void;
  readonly #timer: NodeJS.Timeout;
  #deadline: NodeJS.Timeout | undefined;
  #pings: Ping[] = [];
  #hasReturned = false;
  readonly #window = new Window(limits);
  /** Whether the link was full since the last ping came back. */
  #wasFull = false;
  #sent = 0;
  #acknowledged = 0;

  constructor(
    domain: string,
    timing: PingTiming,
    on: { readonly ping: (ping: string) => void; readonly silence: () => void },
  ) {
    this.#domain = domain;
    this.#timing = timing;
    this.#write = on.ping;
    this.#onSilence = on.silence;
    this.#timer = setInterval(() => this.ping(), timing.pingEvery);
  }

  /** Whether any ping has come back. */
  get hasReturned(): boolean {
    return this.#hasReturned;
  }

  /** Whether as much is unacknowledged as may be. */
  get isFull(): boolean {
    return this.#sent - this.#acknowledged >= this.#window.size;
  }

  onSent(): void {
    this.#sent++;
    this.#wasFull ||= this.isFull;
    const last = this.#pings.at(-1)?.sent ?? this.#acknowledged;
    if (this.#sent - last >= stride) this.ping();
  }

  /** Takes a ping of ours, or the error that stands for it. Returns false for every other stanza. */
  take(stanza: Element): boolean {
    const { id, from, to } = stanza.attrs;
    if (stanza.name !== "iq" || from !== this.#domain || to !== this.#domain) return false;
    const index = this.#pings.findIndex((ping) => ping.id === id);
    if (index === -1) return false;
    const { sent, at } = this.#pings[index] ?? { sent: this.#acknowledged, at: performance.now() };
    this.#hasReturned = true;
    this.#acknowledged = sent;
    this.#window.onAnswer(performance.now() - at, this.#wasFull);
    this.#wasFull = false;
    this.#pings = this.#pings.slice(index + 1);
    this.#disarm();
    if (this.#pings.length > 0) this.#arm();
    return true;
  }

  ping(): void {
    const id = randomUUID();
    this.#pings.push({ id, sent: this.#sent, at: performance.now() });
    if (this.#deadline === undefined) this.#arm();
    this.#write(
      `<iq type="get" id="${id}" from="${this.#domain}" to="${this.#domain}"><ping xmlns="${NS.ping}"/></iq>`,
    );
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#disarm();
    this.#pings = [];
  }

  #arm(): void {
    // After a pause of the whole process the timer comes before the answer that is waiting in the socket.
    this.#deadline = setTimeout(() => {
      this.#deadline = undefined;
      const [oldest] = this.#pings;
      setImmediate(() => {
        if (oldest !== undefined && oldest === this.#pings[0]) this.#onSilence();
      });
    }, this.#timing.pingTimeout);
  }

  #disarm(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }
}
