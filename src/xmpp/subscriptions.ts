import type { Store } from "../core/store.js";

const document = "subscriptions";

interface Document {
  /** Who sees which address of ours, by localpart; the domain itself is the empty one. */
  readonly seenBy: Readonly<Record<string, readonly string[]>>;
  /** Whose presence the house sees. */
  readonly houseSees: readonly string[];
}

/**
 * The roster that the component keeps for its addresses (RFC 6121 §2.1): who is subscribed to a device (`from`), and, for
 * the house alone, whom it is subscribed to (`to`). Survives a restart; a change resolves when it is on disk.
 */
export class Subscriptions {
  readonly #store: Store;
  readonly #seenBy = new Map<string, Set<string>>();
  readonly #houseSees: Set<string>;
  /** False after a write that failed: the next request to keep something writes all. */
  #isSaved = true;

  constructor(store: Store) {
    this.#store = store;
    const stored = store.read(document) as Document | undefined;
    for (const [local, users] of Object.entries(stored?.seenBy ?? {}))
      this.#seenBy.set(local, new Set(users));
    this.#houseSees = new Set(stored?.houseSees);
  }

  /** The bare JIDs that see this localpart. */
  seers(local: string): ReadonlySet<string> {
    return this.#seenBy.get(local) ?? new Set();
  }

  isSeenBy(local: string, user: string): boolean {
    return this.seers(local).has(user);
  }

  /** All localparts that someone sees. */
  locals(): readonly string[] {
    return [...this.#seenBy.keys()];
  }

  /** False if they see it already. */
  async add(local: string, user: string): Promise<boolean> {
    return (await this.addAll([local], user)).length > 0;
  }

  /** Resolves with those that they did not see. */
  async addAll(locals: Iterable<string>, user: string): Promise<readonly string[]> {
    const added = [...locals].filter((local) => !this.isSeenBy(local, user));
    for (const local of added) this.#seenBy.set(local, new Set(this.seers(local)).add(user));
    if (added.length > 0 || !this.#isSaved) await this.#save();
    return added;
  }

  /** False if there was nothing to remove. */
  remove(local: string, user: string): Promise<boolean> {
    return this.removeAll([local], user);
  }

  /** False if there was nothing to remove. */
  async removeAll(locals: Iterable<string>, user: string): Promise<boolean> {
    let isChanged = false;
    for (const local of locals) {
      const seers = this.#seenBy.get(local);
      if (seers === undefined || !seers.delete(user)) continue;
      if (seers.size === 0) this.#seenBy.delete(local);
      isChanged = true;
    }
    if (isChanged) await this.#save();
    return isChanged;
  }

  houseSees(): ReadonlySet<string> {
    return this.#houseSees;
  }

  async setHouseSees(user: string, sees: boolean): Promise<void> {
    if (this.#houseSees.has(user) === sees) return;
    if (sees) this.#houseSees.add(user);
    else this.#houseSees.delete(user);
    await this.#save();
  }

  async #save(): Promise<void> {
    const seenBy = Object.fromEntries([...this.#seenBy].map(([local, users]) => [local, [...users]]));
    try {
      await this.#store.write(document, { seenBy, houseSees: [...this.#houseSees] } satisfies Document);
      this.#isSaved = true;
    } catch (error) {
      this.#isSaved = false;
      throw error;
    }
  }
}
