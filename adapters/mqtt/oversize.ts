const continues = 0x80;
const longestHeader = 5;

/**
 * Cuts MQTT packets whose body is longer than `largest` bytes down to it, as the bytes come, so that a huge message is
 * never held in memory. A PUBLISH ends with its payload: cut, it is still a valid PUBLISH, to be acknowledged and then
 * dropped like any other that is too large.
 */
export class OversizeCutter {
  readonly #largest: number;
  /** The bytes of a fixed header that is not complete yet. */
  #header: number[] = [];
  #passing = 0;
  #skipping = 0;

  constructor(largest: number) {
    this.#largest = largest;
  }

  /** What to hand on of a chunk, in order. */
  cut(chunk: Buffer): readonly Buffer[] {
    const pieces: Buffer[] = [];
    const isCarried = this.#header.length > 0;
    let headerStart = 0;
    let runStart = 0;
    let at = 0;
    const hand = (end: number) => {
      if (end > runStart) pieces.push(chunk.subarray(runStart, end));
    };
    while (at < chunk.length) {
      if (this.#passing > 0) {
        const count = Math.min(this.#passing, chunk.length - at);
        this.#passing -= count;
        at += count;
      } else if (this.#skipping > 0) {
        const count = Math.min(this.#skipping, chunk.length - at);
        hand(at);
        this.#skipping -= count;
        at += count;
        runStart = at;
      } else {
        if (this.#header.length === 0) headerStart = at;
        this.#header.push(chunk[at] ?? 0);
        at += 1;
        const length = bodyLength(this.#header);
        if (length === undefined) continue;
        this.#passing = Math.min(length, this.#largest);
        this.#skipping = length - this.#passing;
        if (this.#skipping > 0 || (isCarried && headerStart === 0)) {
          hand(headerStart);
          pieces.push(Buffer.from([this.#header[0] ?? 0, ...encodedLength(this.#passing)]));
          runStart = at;
        }
        this.#header = [];
      }
    }
    hand(this.#header.length === 0 ? chunk.length : headerStart);
    return pieces;
  }
}

/** MQTT 3.1.1 §2.2.3; `undefined` while bytes are missing. */
function bodyLength(header: readonly number[]): number | undefined {
  const digits = header.slice(1);
  const last = digits.at(-1);
  if (last === undefined || (last >= continues && header.length < longestHeader)) return undefined;
  return digits.reduce((length, digit, index) => length + (digit % continues) * continues ** index, 0);
}

function encodedLength(length: number): number[] {
  const digits: number[] = [];
  let rest = length;
  do {
    const digit = rest % continues;
    rest = Math.floor(rest / continues);
    digits.push(rest > 0 ? digit + continues : digit);
  } while (rest > 0);
  return digits;
}
