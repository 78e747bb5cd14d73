/** A tag up to here is not looked for: it is taken to be as long as its stanza. */
const shortTag = 1024;
/** From here on a read of the server may end in any tag, however short. */
const burst = 4 * 1024;
const least = 256;

/**
 * The white space that the server needs behind what is written to it. Since 2.6, expat does not try a tag again that came
 * in part, before it has twice the bytes of the last try (XML_SetReparseDeferralEnabled), and Prosody hands it 8 KiB at
 * most. So a tag, and all that comes behind it, would wait for stanzas that may be long in coming. White space as long as
 * the longest tag is always enough, and RFC 6120 §4.6.1 allows it between stanzas. It is spaces, because expat reports a
 * run of them once, but each line break by itself.
 */
export class Padding {
  #longestTag = 0;
  #unpadded = 0;

  /** How many bytes it has at most after a stanza with a tag of so many. */
  lengthAfter(tag: number): number {
    return Math.max(least, this.#longestTag, tag);
  }

  /** Counts a stanza that is written. */
  add(bytes: number, tag: number): void {
    this.#unpadded += bytes;
    this.#longestTag = Math.max(this.#longestTag, tag);
  }

  /** What is to be written behind all that was counted. Few small stanzas need none. */
  take(): string {
    if (this.#unpadded < burst && this.#longestTag <= shortTag) return "";
    const text = " ".repeat(this.lengthAfter(0));
    this.#longestTag = 0;
    this.#unpadded = 0;
    return text;
  }
}

/** In bytes, and rather too long than too short. */
export function longestTag(text: string, bytes: number): number {
  if (bytes <= shortTag) return bytes;
  const xml = Buffer.from(text);
  let start = 0;
  let longest = 0;
  for (let at = 0; at < xml.length; at++) {
    const byte = xml[at];
    if (byte === 0x3c) start = at;
    else if (byte === 0x3e) longest = Math.max(longest, at + 1 - start);
  }
  return longest;
}
