import { messageOf } from "../core/errors.js";
import type { Gateway } from "../core/gateway.js";
import type { Log } from "../core/log.js";
import { addresseeOf, type IqHandlers } from "./address.js";
import type { Jid } from "./jids.js";
import { NS } from "./namespaces.js";
import { StanzaError } from "./stanza-error.js";
import { type Element, el, elementsOf } from "./xml.js";

/** What someone without the right to view may ask, of the domain alone. */
const open = new Set([`get ${NS.discoInfo} query`, `get ${NS.ping} ping`]);

/**
 * Answers every IQ request exactly once (RFC 6120 §8.2.3). To a stranger all our addresses look the same: existing,
 * hidden or invented.
 */
export class IqRouter {
  readonly #gateway: Gateway;
  readonly #handlers: IqHandlers;
  readonly #log: Log;
  readonly #send: (stanza: Element) => void;

  constructor(parts: {
    readonly gateway: Gateway;
    readonly handlers: IqHandlers;
    readonly log: Log;
    readonly send: (stanza: Element) => void;
  }) {
    this.#gateway = parts.gateway;
    this.#handlers = parts.handlers;
    this.#log = parts.log;
    this.#send = parts.send;
  }

  async onIq(stanza: Element, from: Jid, to: Jid): Promise<void> {
    if (stanza.attrs.type !== "get" && stanza.attrs.type !== "set") return;
    const reply = { id: stanza.attrs.id, from: stanza.attrs.to, to: stanza.attrs.from };
    try {
      const child = await this.#answer(stanza, from, to);
      this.#send(el("iq", { type: "result", ...reply }, child));
    } catch (error) {
      this.#send(el("iq", { type: "error", ...reply }, this.#errorOf(error, to).toElement()));
    }
  }

  async #answer(stanza: Element, from: Jid, to: Jid): Promise<Element | undefined> {
    const [payload, ...more] = elementsOf(stanza);
    const isKnown = this.#gateway.may(from.bare, "view");
    if (payload === undefined || more.length > 0)
      throw new StanzaError("cancel", isKnown ? "bad-request" : "service-unavailable");
    const key = `${stanza.attrs.type} ${payload.getNS()} ${payload.name}`;
    const handler = this.#handlers[key];
    const isOpen = open.has(key) && to.local === "" && payload.attrs.node === undefined;
    const addressee = addresseeOf(this.#gateway, from.bare, to);
    if (handler === undefined || addressee === undefined || !(isKnown || isOpen)) {
      throw new StanzaError("cancel", "service-unavailable");
    }
    return handler({ from, to, addressee, payload });
  }

  #errorOf(error: unknown, to: Jid): StanzaError {
    if (error instanceof StanzaError) return error;
    this.#log.error({ err: error, to: to.bare }, `a request failed: ${messageOf(error)}`);
    return new StanzaError("cancel", "internal-server-error");
  }
}
