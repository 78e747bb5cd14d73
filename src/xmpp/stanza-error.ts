import { messageOf } from "../core/errors.js";
import { NS } from "./namespaces.js";
import { type Element, el, elementsOf } from "./xml.js";

/** What went wrong with a request, in a word for the log: the condition of a stanza error, else the sentence of the error. */
export function reasonOf(error: unknown): string {
  return error instanceof StanzaError ? error.condition : messageOf(error);
}

/** RFC 6120 §8.3.2 */
export type StanzaErrorType = "auth" | "cancel" | "continue" | "modify" | "wait";

/** A stanza error (RFC 6120 §8.3), received or to be sent. `message` is its text. */
export class StanzaError extends Error {
  readonly type: string;
  readonly condition: string;

  constructor(type: StanzaErrorType | (string & {}), condition: string, text = "") {
    super(text);
    this.name = "StanzaError";
    this.type = type;
    this.condition = condition;
  }

  /** Reads the error of an `iq`, `message` or `presence` of type `error`; a missing one reads as `undefined-condition`. */
  static of(stanza: Element): StanzaError {
    const error = stanza.getChild("error");
    const defined = (error === undefined ? [] : elementsOf(error)).filter(
      (child) => child.getNS() === NS.stanzas,
    );
    return new StanzaError(
      error?.attrs.type ?? "cancel",
      defined.find((child) => child.name !== "text")?.name ?? "undefined-condition",
      defined.find((child) => child.name === "text")?.getText() ?? "",
    );
  }

  toElement(): Element {
    return el(
      "error",
      { type: this.type },
      el(this.condition, { xmlns: NS.stanzas }),
      this.message === "" ? undefined : el("text", { xmlns: NS.stanzas }, this.message),
    );
  }
}
