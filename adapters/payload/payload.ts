import { type JsonValue, parseJson } from "../../src/core/json.js";
import { Xml } from "./xml.js";

/** What was made of the bytes, or why that failed. */
type Attempt<Made> = { readonly made: Made } | { readonly error: unknown };

const utf8 = new TextDecoder();

/** What one message holds, decoded at most once however many channels look at it. */
export class Payload {
  readonly bytes: Uint8Array;
  #text: string | undefined;
  #json: Attempt<JsonValue> | undefined;
  #xml: Attempt<Xml> | undefined;

  readonly #decode: (bytes: Uint8Array) => string;

  /** `decode` reads the bytes as text; unless it is given they are UTF-8. */
  constructor(bytes: Uint8Array, decode = (given: Uint8Array): string => utf8.decode(given)) {
    this.bytes = bytes;
    this.#decode = decode;
  }

  /** Bytes that are no character become U+FFFD. */
  get text(): string {
    this.#text ??= this.#decode(this.bytes);
    return this.#text;
  }

  /** Throws "value-invalid" as `parseJson` does. */
  get json(): JsonValue {
    this.#json ??= attempt(() => parseJson(this.text));
    return madeBy(this.#json);
  }

  /** Throws "value-invalid" where it is no XML. */
  get xml(): Xml {
    this.#xml ??= attempt(() => new Xml(this.text));
    return madeBy(this.#xml);
  }
}

function attempt<Made>(make: () => Made): Attempt<Made> {
  try {
    return { made: make() };
  } catch (error) {
    return { error };
  }
}

function madeBy<Made>(attempted: Attempt<Made>): Made {
  if ("error" in attempted) throw attempted.error;
  return attempted.made;
}
