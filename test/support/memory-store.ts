import type { Store } from "../../src/core/store.js";

/** Documents that live as long as the test, in the JSON form that a disk would give back. */
export class MemoryStore implements Store {
  readonly #documents = new Map<string, string>();

  read(name: string): unknown {
    const text = this.#documents.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async write(name: string, document: unknown): Promise<void> {
    this.#documents.set(name, JSON.stringify(document));
  }
}
