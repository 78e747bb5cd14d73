/** The bytes that came last and are not yet decided, at most `limit`. Dropping at the front is cheap. */
export class Window {
  readonly limit: number;
  #bytes = new Uint8Array(256);
  #head = 0;
  #tail = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.#tail - this.#head;
  }

  /** Takes what there is room for, and says how many bytes that was. */
  append(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.limit - this.length);
    if (this.#tail + taken.length > this.#bytes.length) this.#makeRoom(this.length + taken.length);
    this.#bytes.set(taken, this.#tail);
    this.#tail += taken.length;
    return taken.length;
  }

  /** Valid until the next `append`. */
  get view(): Uint8Array {
    return this.#bytes.subarray(this.#head, this.#tail);
  }

  drop(count: number): void {
    this.#head += count;
  }

  // With twice the room that is needed, bytes are moved at most once for each byte that comes.
  #makeRoom(needed: number): void {
    const size = Math.min(2 * this.limit, 2 ** Math.ceil(Math.log2(2 * needed)));
    const target = size > this.#bytes.length ? new Uint8Array(size) : this.#bytes;
    const held = this.view;
    target.set(held);
    this.#bytes = target;
    this.#head = 0;
    this.#tail = held.length;
  }
}
