import { EventEmitter } from "node:events";
import { domainOf } from "./domain-of.js";
import { Element } from "./xml.js";
import { type TokenSink, XmlError, XmlTokens } from "./xml-tokens.js";

/** What a stanza may be at most. */
interface StanzaLimits {
  /** Of UTF-8. */
  readonly bytes: number;
  readonly elements: number;
}

const depthLimit = 32;
const attributeLimit = 64;
const everyone: StanzaLimits = { bytes: 64 * 1024, elements: 256 };
const ownServices: StanzaLimits = { bytes: 512 * 1024, elements: 4096 };

interface ParserEvents {
  /** The stream's header, without its children. */
  start: [root: Element];
  /** A child of the stream. Its `parent` is the header, for the namespaces. */
  element: [element: Element];
  /** A child of the stream that broke a limit: its name and attributes, unless already these were too much. */
  oversized: [head: Element | undefined];
  end: [];
  error: [error: XmlError];
}

/**
 * Makes stanzas of the bytes of a stream, however they were cut. What breaks a limit is never built, only read over;
 * what breaks XML ends the parsing with `error`.
 */
export class StanzaParser extends EventEmitter<ParserEvents> implements TokenSink {
  readonly #isOwnService: (domain: string) => boolean;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #tokens = new XmlTokens(this);
  #limits = everyone;
  #root: Element | undefined;
  #stanza: Element | undefined;
  /** The innermost open element while one is being built. */
  #open: Element | undefined;
  #depth = 0;
  #bytes = 0;
  #elements = 0;
  #isDead = false;

  /** `isOwnService`: whether the stanzas of a domain may be as large as rosters and PubSub need. */
  constructor(isOwnService: (domain: string) => boolean) {
    super();
    this.#isOwnService = isOwnService;
  }

  write(chunk: Uint8Array): void {
    if (this.#isDead) return;
    try {
      this.#tokens.write(this.#decode(chunk));
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      this.#isDead = true;
      this.emit("error", error);
    }
  }

  #decode(chunk: Uint8Array): string {
    try {
      return this.#decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new XmlError("not-well-formed", "bytes that are no UTF-8", { cause });
    }
  }

  onRead(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bytes && !this.#tokens.skips) this.#skip();
  }

  onStart(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#depth++;
    if (this.#tokens.skips) return;
    const element = new Element(name, attributes);
    if (this.#depth === 1) {
      this.#root = element;
      this.#bytes = 0;
      this.emit("start", element);
      return;
    }
    if (this.#depth === 2) this.#beginStanza(element);
    this.#elements++;
    const isTooMuch =
      this.#depth - 1 > depthLimit ||
      this.#elements > this.#limits.elements ||
      Object.keys(attributes).length > attributeLimit;
    if (isTooMuch) {
      this.#skip();
      return;
    }
    this.#open?.cnode(element);
    this.#open = element;
  }

  onEnd(name: string): void {
    this.#depth--;
    if (this.#depth === 0) {
      if (name !== this.#root?.name) throw mismatch();
      this.#isDead = true;
      this.emit("end");
    } else if (this.#depth === 1) {
      this.#endStanza(name);
    } else if (!this.#tokens.skips) {
      if (name !== this.#open?.name) throw mismatch();
      this.#open = this.#open.parent ?? undefined;
    }
  }

  onText(text: string): void {
    if (this.#depth < 2) {
      // RFC 6120 §4.6.1: white space keeps a connection alive.
      if (/\S/.test(text)) throw new XmlError("not-well-formed", "text outside of a stanza");
      this.#bytes = 0;
      return;
    }
    const children = this.#open?.children ?? [];
    const last = children.at(-1);
    // One text stays one child, wherever its bytes were cut.
    if (typeof last === "string") children[children.length - 1] = last + text;
    else children.push(text);
  }

  #beginStanza(stanza: Element): void {
    this.#stanza = stanza;
    const from: unknown = stanza.attrs.from;
    const domain = domainOf(from);
    // What a person sends comes from a resource of theirs; their roster, from their server in their name, does not.
    const isPerson = typeof from === "string" && /^[^/@]+@[^/]+\//.test(from);
    this.#limits = domain !== undefined && !isPerson && this.#isOwnService(domain) ? ownServices : everyone;
  }

  #endStanza(name: string): void {
    const stanza = this.#stanza;
    const isOversized = this.#tokens.skips;
    if (!isOversized && name !== stanza?.name) throw mismatch();
    this.#tokens.skips = false;
    this.#stanza = undefined;
    this.#open = undefined;
    this.#limits = everyone;
    this.#bytes = 0;
    this.#elements = 0;
    if (stanza !== undefined) stanza.parent = this.#root ?? null;
    if (isOversized) this.emit("oversized", stanza);
    else if (stanza !== undefined) this.emit("element", stanza);
  }

  /** Reads over what is left of the stanza. */
  #skip(): void {
    if (this.#root === undefined) throw new XmlError("policy-violation", "a stream header without end");
    this.#tokens.skips = true;
    this.#open = undefined;
    if (this.#stanza !== undefined) this.#stanza.children.length = 0;
  }
}

function mismatch(): XmlError {
  return new XmlError("not-well-formed", "an end tag without its start tag");
}
