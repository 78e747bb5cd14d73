/** What breaks a stream (RFC 6120 §4.9.3): the text is no XML, or more of XML than XMPP allows. */
export class XmlError extends Error {
  readonly condition: "not-well-formed" | "restricted-xml" | "policy-violation";

  constructor(condition: XmlError["condition"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "XmlError";
    this.condition = condition;
  }
}

export interface TokenSink {
  /** So many more bytes of UTF-8 were read. Comes before the token that they complete. */
  onRead(bytes: number): void;
  onStart(name: string, attributes: Readonly<Record<string, string>>): void;
  onEnd(name: string): void;
  /** A text or the next part of one. */
  onText(text: string): void;
}

type State = "text" | "markup" | "tag" | "declaration" | "cdata";

const name = "[^\\s\"'<>/=&!?]+";
const startTag = new RegExp(`^<(${name})((?:\\s+${name}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*/?>$`);
const endTag = new RegExp(`^</(${name})\\s*>$`);
const attribute = new RegExp(`(${name})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "g");
const cdataStart = "<![CDATA[";

/**
 * Cuts the XML of a stream into tokens as it comes, wherever it was cut before. XMPP has no comments, processing
 * instructions, document types and entities of one's own (RFC 6120 §11.1). Holds at most the one token that is not
 * complete yet.
 */
export class XmlTokens {
  /** While true nothing is held, however long: tags are told without names and attributes, and texts not at all. */
  skips = false;
  readonly #sink: TokenSink;
  #state: State = "text";
  #held = "";
  #quote: string | undefined;
  #isEndTag = false;
  #hasBegun = false;

  constructor(sink: TokenSink) {
    this.#sink = sink;
  }

  /** Throws `XmlError`; then nothing may be written any more. */
  write(chunk: string): void {
    let position = 0;
    while (position < chunk.length) {
      const end = this.#endOfPiece(chunk, position);
      const piece = chunk.slice(position, end);
      position = end;
      this.#sink.onRead(Buffer.byteLength(piece));
      // How a skipped token ends is seen in its last three characters (`]]>`).
      this.#held =
        this.skips && this.#state !== "markup" ? (this.#held + piece).slice(-3) : this.#held + piece;
      this.#onPiece(this.#held);
    }
  }

  /** Where the piece that begins at `from` ends: where its token may be complete, or with the chunk. */
  #endOfPiece(chunk: string, from: number): number {
    switch (this.#state) {
      case "text":
        return endOf(chunk, "<", from);
      case "markup":
        return from + 1;
      case "tag":
        return this.#endOfTag(chunk, from);
      case "declaration":
        return endOf(chunk, ">", from);
      case "cdata":
        // Its end may have been cut in two or three.
        return from === 0 && chunk.slice(0, 2).includes(">")
          ? endOf(chunk, ">", 0)
          : endOf(chunk, "]]>", from);
    }
  }

  #endOfTag(chunk: string, from: number): number {
    let at = from;
    while (at < chunk.length) {
      if (this.#quote !== undefined) {
        const closing = chunk.indexOf(this.#quote, at);
        if (closing === -1) return chunk.length;
        this.#quote = undefined;
        at = closing + 1;
        continue;
      }
      const char = chunk[at++];
      if (char === ">") return at;
      if (char === '"' || char === "'") this.#quote = char;
    }
    return chunk.length;
  }

  #onPiece(held: string): void {
    switch (this.#state) {
      case "text":
        this.#onTextPiece(held);
        return;
      case "markup":
        this.#onMarkup(held);
        return;
      case "tag":
        if (this.#quote === undefined && held.endsWith(">")) this.#onTag(held);
        return;
      case "declaration":
        if (held.endsWith("?>")) this.#toText();
        return;
      case "cdata":
        if (!held.endsWith("]]>")) return;
        if (!this.skips) this.#sink.onText(held.slice(0, -3));
        this.#toText();
        return;
    }
  }

  #onTextPiece(held: string): void {
    const isWhole = held.endsWith("<");
    // An entity may be cut in two: a text that has some waits for its end.
    if (!isWhole && (this.skips || held.includes("&"))) return;
    const text = isWhole ? held.slice(0, -1) : held;
    if (text !== "" && !this.skips) this.#sink.onText(unescaped(text));
    this.#held = isWhole ? "<" : "";
    if (isWhole) this.#state = "markup";
  }

  #onMarkup(held: string): void {
    if (held === cdataStart) {
      this.#held = "";
      this.#state = "cdata";
    } else if (held === "<?" && !this.#hasBegun) {
      this.#state = "declaration";
    } else if (/^<[^\s"'<>=&!?]$/.test(held)) {
      this.#isEndTag = held === "</";
      this.#state = "tag";
    } else if (held.startsWith("<!") || held === "<?") {
      if (!cdataStart.startsWith(held)) {
        throw new XmlError("restricted-xml", "a comment, an instruction or a document type in the stream");
      }
    } else {
      throw new XmlError("not-well-formed", "a < that begins no tag");
    }
    this.#hasBegun = true;
  }

  #onTag(held: string): void {
    const isEmpty = held.at(-2) === "/";
    if (this.skips) {
      if (!this.#isEndTag) this.#sink.onStart("", {});
      if (this.#isEndTag || isEmpty) this.#sink.onEnd("");
    } else if (this.#isEndTag) {
      this.#sink.onEnd(matched(endTag, held)[1] ?? "");
    } else {
      const [, name = "", attributes = ""] = matched(startTag, held);
      this.#sink.onStart(name, attributes === "" ? {} : attributesOf(attributes));
      if (isEmpty) this.#sink.onEnd(name);
    }
    this.#toText();
  }

  #toText(): void {
    this.#held = "";
    this.#state = "text";
  }
}

function endOf(chunk: string, mark: string, from: number): number {
  const at = chunk.indexOf(mark, from);
  return at === -1 ? chunk.length : at + mark.length;
}

function matched(pattern: RegExp, tag: string): RegExpExecArray {
  const match = pattern.exec(tag);
  if (match === null) throw new XmlError("not-well-formed", "a tag that is none");
  return match;
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = "", double, single = ""] of text.matchAll(attribute)) {
    if (Object.hasOwn(attributes, name)) throw new XmlError("not-well-formed", "the same attribute twice");
    attributes[name] = unescaped(double ?? single);
  }
  return attributes;
}

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" } as const;
const reference = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));|&/g;

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(reference, (_, named?: keyof typeof entities, decimal?: string, hex?: string) => {
    if (named !== undefined) return entities[named];
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number.parseInt(decimal, 10);
    if (!isXmlChar(code)) throw new XmlError("not-well-formed", "an entity that XML does not have");
    return String.fromCodePoint(code);
  });
}

/** https://www.w3.org/TR/xml/#NT-Char */
function isXmlChar(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
