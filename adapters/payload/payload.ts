import { type JsonValue, parseJson } from "../../src/core/json.js";

const utf8 = new TextDecoder();

/** What one message holds, decoded at most once however many channels look at it. */
export class Payload {
  readonly bytes: Uint8Array;
  #text: string | undefined;
  #json: { readonly document: JsonValue } | { readonly error: unknown } | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Bytes that are no UTF-8 become U+FFFD. */
  get text(): string {
    this.#text ??= utf8.decode(this.bytes);
    return this.#text;
  }

  /** Throws "value-invalid" as `parseJson` does. */
  get json(): JsonValue {
    this.#json ??= this.#parse();
    if ("error" in this.#json) throw this.#json.error;
    return this.#json.document;
  }

  #parse() {
    try {
      return { document: parseJson(this.text) };
    } catch (error) {
      return { error };
    }
  }
}
