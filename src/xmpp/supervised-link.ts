import { randomUUID } from "node:crypto";
import { Allowance } from "../core/allowance.js";
import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import { Backoff } from "./backoff.js";
import { domainOf } from "./domain-of.js";
import type { Link, LinkEvents, LinkState } from "./link.js";
import type { OpenStream, StreamFailure, StreamHandlers } from "./open-stream.js";
import { PingBarrier } from "./ping-barrier.js";
import { Replies } from "./replies.js";
import { StanzaError } from "./stanza-error.js";
import { stanzaText } from "./stanza-text.js";
import type { LinkTiming } from "./timing.js";
import { Element, el } from "./xml.js";

type Listeners = { readonly [Name in keyof LinkEvents]: Set<(...args: LinkEvents[Name]) => void> };

const requestTimeout = 30_000;

/** RFC 6120 sets no limit; ours is what no honest client exceeds. */
const idLimit = 1024;

/** Keeps one stream up: opens the next when one ends, and watches the one that is open. */
export class SupervisedLink implements Link {
  readonly domain: string;
  readonly #timing: LinkTiming;
  readonly #log: Log;
  readonly #open: (handlers: StreamHandlers) => OpenStream;
  readonly #listeners: Listeners = {
    online: new Set(),
    offline: new Set(),
    stanza: new Set(),
    writable: new Set(),
  };
  readonly #replies = new Replies();
  readonly #backoff = new Backoff();
  readonly #gate = new RateGate();
  /** Of stanzas that broke a limit, for each domain: nobody who sends such is owed much. */
  readonly #refusals = new Allowance({ rate: 10, burst: 30 });
  #state: LinkState = "offline";
  #detail = "The link was not started.";
  #isRunning = false;
  #stream: OpenStream | undefined;
  /** While online. */
  #barrier: PingBarrier | undefined;
  #onlineSince = 0;
  #wasWritable = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(
    options: { readonly domain: string; readonly timing: LinkTiming; readonly log: Log },
    open: (handlers: StreamHandlers) => OpenStream,
  ) {
    this.domain = options.domain;
    this.#timing = options.timing;
    this.#log = options.log;
    this.#open = open;
  }

  get state(): LinkState {
    return this.#state;
  }

  get detail(): string {
    return this.#detail;
  }

  get isWritable(): boolean {
    return this.#barrier !== undefined && !this.#barrier.isFull && this.#stream?.isFull === false;
  }

  get isCaughtUp(): boolean {
    return this.#barrier?.hasReturned === true;
  }

  on<Name extends keyof LinkEvents>(name: Name, listener: (...args: LinkEvents[Name]) => void): void {
    this.#listeners[name].add(listener);
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#state = "connecting";
    this.#detail = "Connecting to the XMPP server.";
    this.#connect();
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    clearTimeout(this.#retry);
    const closed = this.#stream?.close(this.#timing.closeWithin);
    this.#onDown("offline", "The link was stopped.");
    await closed;
  }

  send(stanza: Element): boolean {
    if (this.#barrier === undefined) return false;
    const result = stanzaText(stanza, this.domain);
    if ("refusal" in result) {
      this.#warn(`send ${result.refusal}`, `A stanza was not sent: ${result.refusal}.`, {
        stanza: stanza.name,
        from: stanza.attrs.from,
      });
      return false;
    }
    if (this.#stream?.write(result.text, result.bytes) !== true) {
      this.#warn("send full", "A stanza was not sent: too much is waiting to be written.");
      return false;
    }
    this.#barrier.onSent();
    this.#noteWritable();
    return true;
  }

  async request(iq: Element, timeout = requestTimeout): Promise<Element> {
    const request = new Element(iq.name, { ...iq.attrs, id: randomUUID() });
    request.children = iq.children;
    if (!this.send(request)) {
      throw new StanzaError("wait", "resource-constraint", "The request could not be sent.");
    }
    return this.#replies.expect(request, timeout);
  }

  #connect(): void {
    this.#stream = this.#open({
      onOnline: () => this.#onOnline(),
      onStanza: (stanza) => this.#onStanza(stanza),
      onOversized: (head) => this.#onOversized(head),
      onOutput: () => this.#noteWritable(),
      onEnd: (failure) => this.#onEnd(failure),
    });
  }

  #onOnline(): void {
    this.#state = "online";
    this.#detail = "";
    this.#onlineSince = performance.now();
    this.#barrier = new PingBarrier(this.domain, this.#timing, {
      ping: (text) => this.#stream?.write(text, Buffer.byteLength(text)),
      silence: () => this.#stream?.abort("The XMPP server fell silent."),
    });
    // Before all else, so that it is back soon: until then nobody knows how old a message is.
    this.#barrier.ping();
    this.#log.info({ domain: this.domain }, "The link to the XMPP server is up.");
    this.#emit("online");
    this.#noteWritable();
  }

  #onStanza(stanza: Element): void {
    const { from, type } = stanza.attrs;
    if (domainOf(from) === this.domain) {
      // Everything else from ourselves is an echo, as ejabberd makes of presence (XEP-0356).
      if (this.#barrier?.take(stanza) === true) this.#noteWritable();
      return;
    }
    if (stanza.name !== "iq" || type === "get" || type === "set") this.#emit("stanza", stanza);
    else this.#replies.settle(stanza);
  }

  #onOversized(head: Element | undefined): void {
    this.#warn("oversized", "A stanza broke a limit and was dropped.", { from: head?.attrs.from });
    const { from, to, id, type } = head?.attrs ?? {};
    const isRequest = head?.name === "iq" && (type === "get" || type === "set");
    if (!isRequest || domainOf(from) === this.domain || id === undefined || id.length > idLimit) return;
    if (!this.#refusals.take(domainOf(from) ?? "")) return;
    // RFC 6120 §13.12: stanzas that are too large are a matter of policy.
    const error = new StanzaError("modify", "policy-violation").toElement();
    this.send(el("iq", { type: "error", id, from: to, to: from }, error));
  }

  #onEnd({ cause, detail }: StreamFailure): void {
    if (this.#barrier !== undefined) this.#backoff.lived(performance.now() - this.#onlineSince);
    const delay = this.#backoff.next(cause);
    this.#retry = setTimeout(() => this.#connect(), delay);
    this.#warn(detail, detail, { cause, retryInMs: Math.round(delay) });
    this.#onDown(cause === "refused" || cause === "conflict" ? "auth-failed" : "offline", detail);
  }

  #onDown(state: LinkState, detail: string): void {
    const wasOnline = this.#barrier !== undefined;
    this.#barrier?.stop();
    this.#barrier = undefined;
    this.#stream = undefined;
    this.#state = state;
    this.#detail = detail;
    this.#wasWritable = false;
    this.#replies.failAll(detail);
    if (wasOnline) this.#emit("offline", detail);
  }

  /** Tells when `isWritable` became true. */
  #noteWritable(): void {
    const isWritable = this.isWritable;
    const isNews = isWritable && !this.#wasWritable;
    this.#wasWritable = isWritable;
    if (isNews) this.#emit("writable");
  }

  #emit<Name extends keyof LinkEvents>(name: Name, ...args: LinkEvents[Name]): void {
    for (const listener of this.#listeners[name]) {
      try {
        const outcome: unknown = listener(...args);
        if (outcome instanceof Promise) outcome.catch((error: unknown) => this.#onHandlerError(name, error));
      } catch (error) {
        this.#onHandlerError(name, error);
      }
    }
  }

  #onHandlerError(event: keyof LinkEvents, err: unknown): void {
    const { allowed, suppressed } = this.#gate.allow(`handler ${event} ${messageOf(err)}`);
    if (allowed) this.#log.error({ err, event, suppressed }, "A handler of the link failed.");
  }

  #warn(cause: string, message: string, fields: object = {}): void {
    const { allowed, suppressed } = this.#gate.allow(cause);
    if (allowed) this.#log.warn({ ...fields, suppressed }, message);
  }
}
