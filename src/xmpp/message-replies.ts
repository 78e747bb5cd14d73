import { randomUUID } from "node:crypto";
import { deviceResource, type Jid } from "./jids.js";
import { NS } from "./namespaces.js";
import { type Element, el, elementsOf } from "./xml.js";

/** Makes the answers to one message: from our address with its resource, to the sender's bare address. */
export class Replies {
  readonly #message: Element;
  readonly #addresses: { readonly from: string; readonly to: string };
  /** XEP-0085 §5.1: only who uses chat states wants them. */
  readonly wantsChatStates: boolean;

  constructor(message: Element, from: Jid, to: Jid) {
    this.#message = message;
    // The bare domain has no resource: it is no contact.
    this.#addresses = { from: to.local === "" ? to.bare : `${to.bare}/${deviceResource}`, to: from.bare };
    this.wantsChatStates = elementsOf(message).some((child) => child.getNS() === NS.chatStates);
  }

  text(body: string): Element {
    return el(
      "message",
      { ...this.#addresses, type: "chat", id: randomUUID() },
      el("body", {}, body),
      this.#thread(),
      this.wantsChatStates ? el("active", { xmlns: NS.chatStates }) : undefined,
    );
  }

  chatState(state: "composing" | "active"): Element {
    return el(
      "message",
      { ...this.#addresses, type: "chat", id: randomUUID() },
      this.#thread(),
      el(state, { xmlns: NS.chatStates }),
    );
  }

  /** What the sender asked to be told: it arrived (XEP-0184), it was read (XEP-0333). */
  marks(): readonly Element[] {
    const { id, type } = this.#message.attrs;
    if (typeof id !== "string" || id === "") return [];
    const mark = (child: Element): Element =>
      el("message", { ...this.#addresses, type, id: randomUUID() }, child, this.#thread());
    const marks: Element[] = [];
    if (this.#message.getChild("request", NS.receipts))
      marks.push(mark(el("received", { xmlns: NS.receipts, id })));
    if (this.#message.getChild("markable", NS.markers))
      marks.push(mark(el("displayed", { xmlns: NS.markers, id })));
    return marks;
  }

  #thread(): Element | undefined {
    const thread = this.#message.getChild("thread");
    return thread === undefined ? undefined : el("thread", { parent: thread.attrs.parent }, thread.getText());
  }
}
