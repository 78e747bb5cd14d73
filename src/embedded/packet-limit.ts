/** MQTT 3.1.1 §2.2.3: the remaining length is a number of up to four bytes, seven bits each. */
const maxLengthBytes = 4;

/**
 * Counts the packets of one MQTT connection as its bytes pass, and tells when one is larger than it may be, before
 * anybody has put it together.
 */
export class PacketLimit {
  readonly #first: number;
  readonly #rest: number;
  #packets = 0;
  /** Bytes of the packet's body still to come. */
  #body = 0;
  #header: "type" | "length" = "type";
  #length = 0;
  #lengthBytes = 0;

  /** In bytes: the first packet of a connection, from somebody unknown, and all others. */
  constructor(first: number, rest: number) {
    this.#first = first;
    this.#rest = rest;
  }

  /** Whether the connection may go on after these bytes. */
  accepts(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length; ) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, chunk.length - at);
        this.#body -= taken;
        at += taken;
      } else if (!this.#readHeader(chunk[at++] ?? 0)) {
        return false;
      }
    }
    return true;
  }

  #readHeader(byte: number): boolean {
    if (this.#header === "type") {
      this.#header = "length";
      this.#length = 0;
      this.#lengthBytes = 0;
      return true;
    }
    this.#length += (byte & 0x7f) * 0x80 ** this.#lengthBytes++;
    if (byte & 0x80) return this.#lengthBytes < maxLengthBytes;
    this.#header = "type";
    this.#body = this.#length;
    return this.#length <= (this.#packets++ === 0 ? this.#first : this.#rest);
  }
}
