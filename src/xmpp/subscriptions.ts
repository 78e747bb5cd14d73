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
  /** False while something waits to be written, also after a write that failed. */
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
    const isNew = this.hold([local], user);
    await this.save();
    return isNew;
  }

  /** False if there was nothing to remove. */
  async remove(local: string, user: string): Promise<boolean> {
    const wasThere = this.release([local], user);
    await this.save();
    return wasThere;
  }

  /** Adds in memory alone, until the next `save`. False if they see them all already. */
  hold(locals: Iterable<string>, user: string): boolean {
    const added = [...locals].filter((local) => !this.isSeenBy(local, user));
    for (const local of added) this.#seenBy.set(local, new Set(this.seers(local)).add(user));
    if (added.length > 0) this.#isSaved = false;
    return added.length > 0;
  }

  /** Removes in memory alone, until the next `save`. False if there was nothing to remove. */
  release(locals: Iterable<string>, user: string): boolean {
    let isChanged = false;
    for (const local of locals) {
      const seers = this.#seenBy.get(local);
      if (seers === undefined || !seers.delete(user)) continue;
      if (seers.size === 0) this.#seenBy.delete(local);
      isChanged = true;
    }
    if (isChanged) this.#isSaved = false;
    return isChanged;
  }

  houseSees(): ReadonlySet<string> {
    return this.#houseSees;
  }

  async setHouseSees(user: string, sees: boolean): Promise<void> {
    if (this.#houseSees.has(user) === sees) return;
    if (sees) this.#houseSees.add(user);
    else this.#houseSees.delete(user);
    this.#isSaved = false;
    await this.save();
  }

  /** Writes what is not written yet. */
  async save(): Promise<void> {
    if (this.#isSaved) return;
    this.#isSaved = true;
    const seenBy = Object.fromEntries([...this.#seenBy].map(([local, users]) => [local, [...users]]));
    try {
      await this.#store.write(document, { seenBy, houseSees: [...this.#houseSees] } satisfies Document);
    } catch (error) {
      this.#isSaved = false;
      throw error;
    }
  }
}
