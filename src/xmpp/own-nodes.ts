import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import type { Store } from "../core/store.js";
import type { PubsubService } from "./pubsub-node.js";
import { reasonOf, StanzaError } from "./stanza-error.js";

const document = "pubsub-nodes";

/** The nodes that we made at the service. Remembered, so that one whose device went while the service was away goes later. */
export class OwnNodes {
  readonly #service: PubsubService;
  readonly #store: Store;
  readonly #log: Log;
  readonly #names: Set<string>;
  readonly #gate = new RateGate();
  #saving: Promise<void> | undefined;
  #isSaved = true;

  constructor(service: PubsubService, store: Store, log: Log) {
    this.#service = service;
    this.#store = store;
    this.#log = log;
    this.#names = new Set((store.read(document) ?? []) as readonly string[]);
  }

  /** Rejects like `PubsubService.prepare`. */
  async prepare(name: string, maxItems: number): Promise<void> {
    await this.#service.prepare(name, maxItems);
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.#save();
  }

  /** Takes a node away, now or after the next connect. */
  async remove(name: string): Promise<void> {
    try {
      await this.#service.delete(name);
    } catch (error) {
      const isGone = error instanceof StanzaError && goneConditions.has(error.condition);
      if (!isGone) {
        const reason = reasonOf(error);
        const { allowed, suppressed } = this.#gate.allow(reason);
        if (allowed)
          this.#log.warn({ node: name, suppressed }, `a PubSub node could not be deleted yet: ${reason}`);
        return;
      }
    }
    if (this.#names.delete(name)) this.#save();
  }

  /** Takes all away that are not wanted when their turn comes. */
  async removeOthers(isWanted: (name: string) => boolean): Promise<void> {
    for (const name of [...this.#names]) if (!isWanted(name)) await this.remove(name);
  }

  /** However many nodes come at once, one write is under way and at most one waits. */
  #save(): void {
    this.#isSaved = false;
    this.#saving ??= this.#write().finally(() => {
      this.#saving = undefined;
    });
  }

  async #write(): Promise<void> {
    while (!this.#isSaved) {
      this.#isSaved = true;
      try {
        await this.#store.write(document, [...this.#names]);
      } catch (error) {
        this.#log.error({}, `the names of the PubSub nodes could not be kept: ${messageOf(error)}`);
      }
    }
  }
}

/** There is no such node, or it is another's now. */
const goneConditions: ReadonlySet<string> = new Set(["item-not-found", "forbidden", "not-allowed"]);
