import type { Socket } from "node:net";
import { type Component, component } from "@xmpp/component";
import type { Log } from "../core/log.js";
import { checkEndpoint, type Endpoint, openSocket } from "./endpoint.js";
import type { Link } from "./link.js";
import { NS } from "./namespaces.js";
import type { OpenStream, StreamFailure, StreamHandlers } from "./open-stream.js";
import { Output } from "./output.js";
import { StanzaParser } from "./stanza-parser.js";
import { failureOfStreamError, sentenceOfError } from "./stream-failure.js";
import { SupervisedLink } from "./supervised-link.js";
import { defaultTiming, type LinkTiming } from "./timing.js";
import type { Element } from "./xml.js";
import { XmlError } from "./xml-tokens.js";

export interface StreamOptions extends Endpoint {
  /** The component's domain. */
  readonly domain: string;
  readonly secret: string;
  readonly log: Log;
  /** Whether stanzas from a domain may be as large as rosters and PubSub need: our own server and its services. */
  readonly isOwnService?: (domain: string) => boolean;
  readonly timing?: Partial<LinkTiming>;
}

/**
 * The link to the XMPP server. Throws "config-invalid" when it would be plain text over a network. Opens nothing before
 * `start`.
 */
export function createStream(options: StreamOptions): Link {
  checkEndpoint(options);
  const domain = options.domain.toLowerCase();
  const timing = { ...defaultTiming, ...options.timing };
  return new SupervisedLink(
    { domain, timing, log: options.log },
    (handlers) => new ComponentStream({ ...options, domain, timing }, handlers),
  );
}

/**
 * One stream over @xmpp/component, which opens it, shakes hands and tells stanzas from the rest. Replaced are its
 * socket, parser, writing, waits, dispatching, reconnecting, and its obedience to redirects.
 */
class ComponentStream implements OpenStream {
  readonly #options: StreamOptions & { readonly timing: LinkTiming };
  readonly #handlers: StreamHandlers;
  readonly #socket: Socket;
  readonly #output: Output;
  readonly #entity: Component;
  #deadline: NodeJS.Timeout | undefined;
  #hasHeader = false;
  #isOnline = false;
  #isOver = false;
  /** What came in the same bytes as the answer to the handshake, at which the package looks a turn later. */
  #early: (() => void)[] = [];

  constructor(options: StreamOptions & { readonly timing: LinkTiming }, handlers: StreamHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#socket = openSocket(options, () => this.#onConnect());
    this.#socket.on("drain", () => handlers.onOutput());
    this.#output = new Output(this.#socket, () => handlers.onOutput());
    this.#entity = this.#createEntity();
    this.#entity._attachSocket(this.#socket);
    this.#expect("accept a connection", options.timing.connectWithin);
  }

  get isFull(): boolean {
    return this.#output.isFull;
  }

  write(text: string, bytes: number): boolean {
    return !this.#isOver && this.#output.write(text, bytes);
  }

  abort(detail: string): void {
    this.#fail({ cause: this.#hasHeader ? "broken" : "unreachable", detail });
  }

  close(timeout: number): Promise<void> {
    if (!this.#finish() || this.#socket.destroyed) return Promise.resolve();
    if (this.#isOnline) this.#socket.end("</stream:stream>");
    else this.#socket.destroy();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#socket.destroy(), timeout);
      this.#socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #createEntity(): Component {
    const { domain, host, port, secret, isOwnService = () => false } = this.#options;
    const entity = component({
      service: `xmpp://${host}:${port}`,
      domain,
      // XEP-0114 §3 hashes UTF-8, the package one byte for each character.
      password: (authenticate) => authenticate(Buffer.from(secret).toString("latin1")),
    });
    entity.reconnect.stop();
    // The package's dispatcher matches replies by id alone, and throws at addresses that are none.
    entity.removeAllListeners("element");
    entity.timeout = 0;
    const onOversized = (head: Element | undefined) => this.#receive(() => this.#handlers.onOversized(head));
    entity.Parser = class extends StanzaParser {
      constructor() {
        super(isOwnService);
        this.on("oversized", onOversized);
      }
    };
    entity._onData = (chunk) => this.#onData(chunk);
    entity._onParserError = (error) => this.#onBrokenXml(error);
    entity._onStreamError = (error) => this.#fail(failureOfStreamError(error, domain, this.#isOnline));
    entity.write = async (text) => {
      this.#output.write(text, Buffer.byteLength(text));
      this.#output.flush();
    };
    entity.on("open", () => this.#onHeader());
    entity.on("online", () => this.#onOnline());
    entity.on("stanza", (stanza: Element) => this.#receive(() => this.#handlers.onStanza(stanza)));
    entity.on("error", (error: unknown) => this.#onError(error));
    entity.on("close", () => this.abort("The XMPP server closed the stream."));
    entity.on("disconnect", () => this.abort("The XMPP server closed the connection."));
    return entity;
  }

  #onConnect(): void {
    this.#expect("open its stream", this.#options.timing.openWithin);
    this.#entity.open({ domain: this.#options.domain }).catch((error: unknown) => this.#onError(error));
  }

  #onHeader(): void {
    this.#hasHeader = true;
    this.#expect("answer the handshake", this.#options.timing.handshakeWithin);
  }

  #onOnline(): void {
    if (this.#isOver) return;
    clearTimeout(this.#deadline);
    this.#isOnline = true;
    this.#handlers.onOnline();
    for (const receive of this.#early.splice(0)) this.#receive(receive);
  }

  #receive(receive: () => void): void {
    if (this.#isOver) return;
    if (this.#isOnline) receive();
    else this.#early.push(receive);
  }

  #onData(chunk: Uint8Array): void {
    try {
      this.#entity.parser?.write(chunk);
    } catch (error) {
      this.#onError(error);
    }
  }

  #onBrokenXml(error: Error): void {
    const condition = error instanceof XmlError ? error.condition : "not-well-formed";
    this.#fail(
      { cause: "broken", detail: `The XMPP server sent what is no XMPP: ${error.message}.` },
      `<stream:error><${condition} xmlns="${NS.streams}"/></stream:error></stream:stream>`,
    );
  }

  #onError(error: unknown): void {
    this.abort(sentenceOfError(error, this.#options));
  }

  #fail(failure: StreamFailure, farewell?: string): void {
    if (!this.#finish()) return;
    if (farewell === undefined) {
      this.#socket.destroy();
    } else {
      this.#socket.end(farewell);
      setTimeout(() => this.#socket.destroy(), this.#options.timing.closeWithin).unref();
    }
    this.#handlers.onEnd(failure);
  }

  /** Returns false when it was over before. */
  #finish(): boolean {
    if (this.#isOver) return false;
    this.#output.flush();
    this.#isOver = true;
    clearTimeout(this.#deadline);
    return true;
  }

  /** Gives the server so long for its next step. */
  #expect(step: string, within: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(
      () => this.abort(`The XMPP server did not ${step} within ${within / 1000} s.`),
      within,
    );
  }
}
