import { parse } from "ltx";
import type { Link, LinkEvents, LinkState } from "../../src/xmpp/link.js";
import { StanzaError } from "../../src/xmpp/stanza-error.js";
import type { Element } from "../../src/xmpp/xml.js";

type Listeners = { [Name in keyof LinkEvents]: ((...args: LinkEvents[Name]) => void)[] };

/** A link without a stream: the test reads what was sent as XML text and says what arrives. */
export class FakeLink implements Link {
  readonly domain = "iot.example.org";
  readonly sent: string[] = [];
  state: LinkState = "online";
  detail = "";
  isWritable = true;
  isCaughtUp = true;
  /** Answers a request with the child of its result, or refuses it with a `StanzaError`. */
  answer: (iq: Element) => Element | undefined | Promise<Element | undefined> = () => undefined;
  readonly #listeners: Listeners = { online: [], offline: [], stanza: [], writable: [] };

  start(): void {}
  async stop(): Promise<void> {}

  send(stanza: Element): boolean {
    this.sent.push(stanza.toString());
    return true;
  }

  async request(iq: Element): Promise<Element> {
    this.sent.push(iq.toString());
    const child = await this.answer(iq);
    const result = parse("<iq type='result'/>") as unknown as Element;
    if (child !== undefined) result.cnode(child);
    return result;
  }

  on<Name extends keyof LinkEvents>(name: Name, listener: (...args: LinkEvents[Name]) => void): void {
    this.#listeners[name].push(listener);
  }

  emit<Name extends keyof LinkEvents>(name: Name, ...args: LinkEvents[Name]): void {
    for (const listener of this.#listeners[name]) listener(...args);
  }

  /** A stanza arrives, written as XML. */
  receive(xml: string): void {
    this.emit("stanza", parse(xml) as unknown as Element);
  }

  /** What was sent since the last call. */
  take(): string[] {
    return this.sent.splice(0);
  }
}

export function refused(condition: string): StanzaError {
  return new StanzaError("cancel", condition);
}
