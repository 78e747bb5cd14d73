import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import { houseLocal } from "./jids.js";
import type { Link } from "./link.js";
import type { RosterContents } from "./roster-contents.js";
import type { RosterMemories } from "./roster-memories.js";
import { isSeen, planRoster, type RosterItem, type Step, seesOwner } from "./roster-plan.js";
import { changeRoster, readRoster } from "./roster-query.js";
import type { Subscriptions } from "./subscriptions.js";
import { el } from "./xml.js";

/** Changes between two looks at a roster, so that its owner's own are seen. */
const chunk = 100;

export interface Visit {
  /** The addresses that were not as they should be. */
  readonly changes: ReadonlySet<string>;
  /** How many of them are as they should be now. */
  readonly done: number;
}

/** Makes rosters what they should be, a chunk at a time, and keeps the subscriptions in step. */
export class RosterVisits {
  readonly #link: Link;
  readonly #memories: RosterMemories;
  readonly #subscriptions: Subscriptions;
  readonly #contents: RosterContents;
  readonly #show: (local: string, user: string) => void;
  readonly #log: Log;
  readonly #gate = new RateGate();

  constructor(parts: {
    readonly link: Link;
    readonly memories: RosterMemories;
    readonly subscriptions: Subscriptions;
    readonly contents: RosterContents;
    readonly show: (local: string, user: string) => void;
    readonly log: Log;
  }) {
    this.#link = parts.link;
    this.#memories = parts.memories;
    this.#subscriptions = parts.subscriptions;
    this.#contents = parts.contents;
    this.#show = parts.show;
    this.#log = parts.log;
  }

  /** Rejects with the server's `StanzaError` when it does not let us read or change the roster. */
  async visit(user: string, invited: ReadonlySet<string>): Promise<Visit> {
    const held = this.#subscriptions.locals().filter((local) => this.#subscriptions.isSeenBy(local, user));
    const { items, size, asked } = await readRoster(this.#link, user);
    const wanted = this.#contents.of(user);
    const memories = this.#memories.of(user);
    if (size === 0 && invited.size === 0 && [...memories.values()].some((memory) => memory !== "removed")) {
      const { allowed } = this.#gate.allow(user);
      if (allowed)
        this.#log.warn({ user }, 'a roster is empty that had devices on it; it stays so until "add"');
      return { changes: new Set(), done: 0 };
    }
    const steps = planRoster({ items, wanted, memories, invited });
    const changes = steps.filter((step) => step.change !== undefined);
    for (const { local, change, memory } of steps) {
      if (change === undefined) this.#memories.set(user, local, memory);
    }
    // They ended it while nobody listened. The domain itself is no matter of this list.
    const ended = held.filter((local) => local !== "" && !isSeen(items.get(local)) && !asked.has(local));
    this.#subscriptions.release(ended, user);
    if (wanted.has(houseLocal)) this.#meet(user, items.get(houseLocal));
    const present = new Set([...wanted.keys()].filter((local) => isSeen(items.get(local))));
    let done = 0;
    try {
      done = await this.#carryOut(user, changes.slice(0, chunk), present);
      if (wanted.size === 0 && done === changes.length) this.#memories.forget(user);
    } finally {
      await this.#keep(this.#subscriptions.save());
      await this.#keep(this.#memories.save());
    }
    return { changes: new Set(changes.map(({ local }) => local)), done };
  }

  /** How many of the steps were taken. `present` are the addresses that the user sees already. */
  async #carryOut(user: string, steps: readonly Step[], present: ReadonlySet<string>): Promise<number> {
    const coming = steps.filter(({ change }) => change !== "remove" && isSeen(change));
    // First of all: a user who logs in meanwhile probes what is on the roster, and a refusal would stay on it.
    const locals = [...present, ...coming.map(({ local }) => local)];
    const unseen = new Set(locals.filter((local) => !this.#subscriptions.isSeenBy(local, user)));
    this.#subscriptions.hold(unseen, user);
    for (const local of present) if (unseen.has(local)) this.#show(local, user);
    let done = 0;
    try {
      for (const step of steps) {
        if (!this.#link.isWritable || !this.#isStillRight(user, step)) break;
        await this.#take(user, step, !present.has(step.local));
        done += 1;
      }
    } finally {
      const gone = steps.filter(({ change }, index) => index < done && change === "remove");
      const failed = steps.slice(done).filter(({ local }) => unseen.has(local) && !present.has(local));
      this.#subscriptions.release(
        [...gone, ...failed].map(({ local }) => local),
        user,
      );
    }
    return done;
  }

  async #take(user: string, { local, change, memory }: Step, isNew: boolean): Promise<void> {
    if (change === undefined) return;
    await changeRoster(this.#link, user, local, change);
    this.#memories.set(user, local, memory);
    if (change === "remove") return;
    if (isNew && isSeen(change)) this.#show(local, user);
    if (local === houseLocal) this.#meet(user, change);
  }

  /** A device may go, and so may the right to see it, while others are put on the roster. */
  #isStillRight(user: string, { local, change }: Step): boolean {
    return change === "remove" || this.#contents.one(user, local) !== undefined;
  }

  /** The house asks for the presence of those whom it sees. */
  #meet(user: string, item: RosterItem | undefined): void {
    if (!seesOwner(item) || this.#subscriptions.houseSees().has(user)) return;
    void this.#keep(this.#subscriptions.setHouseSees(user, true));
    const { domain } = this.#link;
    this.#link.send(el("presence", { type: "probe", from: `${houseLocal}@${domain}`, to: user }));
  }

  /** What cannot be written down now is written down with the next change. */
  async #keep(writing: Promise<unknown>): Promise<void> {
    try {
      await writing;
    } catch (error) {
      this.#log.error({}, `what is on the rosters could not be kept: ${messageOf(error)}`);
    }
  }
}
