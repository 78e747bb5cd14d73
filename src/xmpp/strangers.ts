import { ExpiringMap } from "./expiring-map.js";
import { type Element, el } from "./xml.js";

const addresses = 1000;
const minute = 60_000;

/**
 * Answers those who have no rights here: one short sentence a minute for each address, whatever they wrote and to whom, so
 * that nobody learns which addresses exist.
 */
export class Strangers {
  readonly #answered = new ExpiringMap<string, true>({ limit: addresses, lifetime: minute });

  /** The answer, never larger than the question; undefined where silence is better. */
  answer(message: Element, from: string, to: string): Element | undefined {
    // A full table means silence: forgetting someone would answer them twice.
    if (this.#answered.get(from) !== undefined || this.#answered.isFull) return undefined;
    const reply = el("message", { from: to, to: from, type: "chat" }, el("body", {}, "No access."));
    if (sizeOf(reply) > sizeOf(message)) return undefined;
    this.#answered.set(from, true);
    return reply;
  }
}

function sizeOf(stanza: Element): number {
  return Buffer.byteLength(stanza.toString());
}
