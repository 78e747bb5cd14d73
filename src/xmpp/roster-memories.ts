import { isDeepStrictEqual } from "node:util";
import type { Store } from "../core/store.js";
import type { Memory } from "./roster-plan.js";

const document = "rosters";

/** By user and localpart. */
type Document = Readonly<Record<string, Readonly<Record<string, Memory>>>>;

/** What we put on people's rosters and what they took off. Survives a restart. */
export class RosterMemories {
  readonly #store: Store;
  readonly #of = new Map<string, Map<string, Memory>>();
  #isSaved = true;

  constructor(store: Store) {
    this.#store = store;
    const stored = store.read(document) as Document | undefined;
    for (const [user, memories] of Object.entries(stored ?? {}))
      this.#of.set(user, new Map(Object.entries(memories)));
  }

  /** The bare JIDs of whom anything is remembered. */
  users(): readonly string[] {
    return [...this.#of.keys()];
  }

  of(user: string): ReadonlyMap<string, Memory> {
    return this.#of.get(user) ?? new Map();
  }

  /** Without a memory the contact is forgotten. */
  set(user: string, local: string, memory: Memory | undefined): void {
    const memories = this.#of.get(user) ?? new Map<string, Memory>();
    if (isDeepStrictEqual(memories.get(local), memory)) return;
    this.#isSaved = false;
    if (memory === undefined) memories.delete(local);
    else memories.set(local, memory);
    if (memories.size === 0) this.#of.delete(user);
    else this.#of.set(user, memories);
  }

  forget(user: string): void {
    if (this.#of.delete(user)) this.#isSaved = false;
  }

  /** Resolves when all that was set is on disk. */
  async save(): Promise<void> {
    if (this.#isSaved) return;
    this.#isSaved = true;
    const all = [...this.#of].map(([user, memories]) => [user, Object.fromEntries(memories)] as const);
    try {
      await this.#store.write(document, Object.fromEntries(all) satisfies Document);
    } catch (error) {
      this.#isSaved = false;
      throw error;
    }
  }
}
