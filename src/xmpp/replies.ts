import { parseJid } from "./jids.js";
import { StanzaError } from "./stanza-error.js";
import type { Element } from "./xml.js";

interface Pending {
  readonly asker: string | undefined;
  readonly asked: string | undefined;
  readonly resolve: (result: Element) => void;
  readonly reject: (error: StanzaError) => void;
  readonly timer: NodeJS.Timeout;
}

/** The requests that wait for their reply. */
export class Replies {
  readonly #pending = new Map<string, Pending>();

  /** Resolves with the result of the request, rejects with a `StanzaError` when there is none within `timeout` ms. */
  expect(request: Element, timeout: number): Promise<Element> {
    const { id, from, to } = request.attrs;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(id, `${to} did not answer within ${timeout} ms.`), timeout);
      this.#pending.set(id, { asker: prepared(from), asked: prepared(to), resolve, reject, timer });
    });
  }

  /**
   * Takes an IQ of type `result` or `error`. One that is not from whom was asked, or not to who asked, is nobody's
   * reply: ids travel, and whoever learns one could answer for another.
   */
  settle(reply: Element): void {
    const { id, from, to, type } = reply.attrs;
    const pending = this.#pending.get(id);
    if (pending === undefined || prepared(from) !== pending.asked || prepared(to) !== pending.asker) return;
    this.#forget(id, pending);
    if (type === "error") pending.reject(StanzaError.of(reply));
    else pending.resolve(reply);
  }

  /** Nobody will be answered any more. */
  failAll(text: string): void {
    for (const id of [...this.#pending.keys()]) this.#fail(id, text);
  }

  #fail(id: string, text: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#forget(id, pending);
    pending.reject(new StanzaError("wait", "remote-server-timeout", text));
  }

  #forget(id: string, pending: Pending): void {
    clearTimeout(pending.timer);
    this.#pending.delete(id);
  }
}

function prepared(address: string | undefined): string | undefined {
  return parseJid(address)?.full ?? address;
}
