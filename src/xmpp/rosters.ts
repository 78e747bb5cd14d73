import type { Gateway } from "../core/gateway.js";
import type { Log } from "../core/log.js";
import { RateGate } from "../core/rate-gate.js";
import type { Store } from "../core/store.js";
import { domainOf } from "./domain-of.js";
import type { Link } from "./link.js";
import { Privileges } from "./privileges.js";
import { RosterContents } from "./roster-contents.js";
import { RosterMemories } from "./roster-memories.js";
import { RosterVisits } from "./roster-visits.js";
import { reasonOf } from "./stanza-error.js";
import type { Subscriptions } from "./subscriptions.js";

const peopleAtOnce = 2;
const visitEvery = 1_000;
const retryEvery = 60_000;

/** What became of a wish: the addresses that came; those left out were there. Or why none came. */
export type Welcome = ReadonlySet<string> | "unable" | "failed";

interface Person {
  readonly user: string;
  isDirty: boolean;
  isBusy: boolean;
  /** On the monotonic clock: no visit before this. */
  notBefore: number;
  timer: NodeJS.Timeout | undefined;
  /** Why it did not work last time; the log knows. */
  trouble: string | undefined;
  /** What they asked for and does not stand on their roster yet. */
  readonly invited: Set<string>;
  /** What was changed since their roster was last as it should be. */
  readonly changed: Set<string>;
  readonly wishes: ((welcome: Welcome) => void)[];
}

/**
 * Puts our addresses on the rosters of those who may see them, where a server lets us (XEP-0356), and tells their presence at
 * once. A few people at a time and one request for each, so that a large house leaves room for everything else.
 */
export class Rosters {
  readonly #link: Link;
  readonly #privileges: Privileges;
  readonly #people: () => Iterable<string>;
  readonly #contents: RosterContents;
  readonly #log: Log;
  readonly #memories: RosterMemories;
  readonly #visits: RosterVisits;
  readonly #persons = new Map<string, Person>();
  readonly #queue = new Set<Person>();
  /** The domains that let us change something since the link came up. */
  readonly #proven = new Set<string>();
  readonly #unlisten: readonly (() => void)[];
  readonly #gate = new RateGate();
  #underWay = 0;

  constructor(parts: {
    readonly link: Link;
    readonly gateway: Gateway;
    readonly store: Store;
    readonly subscriptions: Subscriptions;
    /** The bare JIDs that may view. */
    readonly people: () => Iterable<string>;
    readonly houseName: string;
    /** Tells a user the presence of one of our addresses. */
    readonly show: (local: string, user: string) => void;
    readonly log: Log;
  }) {
    this.#link = parts.link;
    this.#privileges = new Privileges(parts.link.domain);
    this.#people = parts.people;
    this.#contents = new RosterContents(parts);
    this.#log = parts.log;
    this.#memories = new RosterMemories(parts.store);
    this.#visits = new RosterVisits({ ...parts, contents: this.#contents, memories: this.#memories });
    parts.link.on("stanza", (stanza) => {
      const opened = this.#privileges.take(stanza);
      if (opened === undefined) return;
      const { allowed, suppressed } = this.#gate.allow(opened);
      if (allowed)
        this.#log.info(
          { domain: opened, suppressed },
          "the server lets devices come onto the rosters of its accounts",
        );
      this.#refresh((user) => domainOf(user) === opened);
    });
    parts.link.on("writable", () => this.#pump());
    parts.link.on("offline", () => this.#rest());
    this.#unlisten = [
      parts.gateway.on("access", () => this.#refresh(() => true)),
      parts.gateway.on("device", ({ device }) => this.#refresh((user) => !this.#isSettled(user, device.id))),
    ];
  }

  /** Puts addresses on a user's roster though they were taken off before. Never rejects. */
  add(user: string, locals: Iterable<string>): Promise<Welcome> {
    if (!this.#isOpen(user)) return Promise.resolve("unable");
    const person = this.#person(user);
    for (const local of locals) person.invited.add(local);
    const welcome = new Promise<Welcome>((resolve) => person.wishes.push(resolve));
    person.isDirty = true;
    person.notBefore = Math.min(person.notBefore, performance.now() + visitEvery);
    clearTimeout(person.timer);
    person.timer = undefined;
    this.#enqueue(person);
    return welcome;
  }

  stop(): void {
    for (const unlisten of this.#unlisten) unlisten();
    this.#rest();
  }

  /** Until the next link: servers announce anew there what they let us do. */
  #rest(): void {
    for (const { timer, wishes } of this.#persons.values()) {
      clearTimeout(timer);
      for (const resolve of wishes) resolve("failed");
    }
    this.#persons.clear();
    this.#queue.clear();
    this.#proven.clear();
    this.#privileges.clear();
  }

  /** Looks after the rosters of those who need it. */
  #refresh(needs: (user: string) => boolean): void {
    for (const user of new Set([...this.#people(), ...this.#memories.users()])) {
      if (!this.#isOpen(user)) continue;
      const person = this.#person(user);
      person.isDirty ||= needs(user);
      this.#enqueue(person);
    }
  }

  #isOpen(user: string): boolean {
    return this.#privileges.keepsRosters(domainOf(user) ?? "");
  }

  #isSettled(user: string, local: string): boolean {
    const memory = this.#memories.of(user).get(local);
    const want = this.#contents.one(user, local);
    if (memory === undefined || memory === "removed" || want === undefined)
      return memory === "removed" || memory === want;
    return memory.name === want.name && memory.groups.join("\n") === want.groups.join("\n");
  }

  #person(user: string): Person {
    let person = this.#persons.get(user);
    if (person === undefined) {
      const blank = { isDirty: false, isBusy: false, notBefore: 0, timer: undefined, trouble: undefined };
      person = { user, ...blank, invited: new Set(), changed: new Set(), wishes: [] };
      this.#persons.set(user, person);
    }
    return person;
  }

  #enqueue(person: Person): void {
    if (!person.isDirty || person.isBusy || person.timer !== undefined) return;
    const wait = person.notBefore - performance.now();
    if (wait <= 0) {
      this.#queue.add(person);
      this.#pump();
      return;
    }
    person.timer = setTimeout(() => {
      person.timer = undefined;
      this.#enqueue(person);
    }, wait);
  }

  #pump(): void {
    for (const person of this.#queue) {
      if (this.#underWay >= peopleAtOnce || !this.#link.isWritable) return;
      this.#queue.delete(person);
      person.isBusy = true;
      this.#underWay += 1;
      void this.#attend(person).finally(() => {
        person.isBusy = false;
        this.#underWay -= 1;
        if (this.#persons.get(person.user) === person) this.#enqueue(person);
        this.#pump();
      });
    }
  }

  async #attend(person: Person): Promise<void> {
    const { user } = person;
    const invited = new Set(person.invited);
    const wishes = person.wishes.splice(0);
    person.isDirty = false;
    person.notBefore = performance.now() + visitEvery;
    let welcome: Welcome;
    try {
      const { changes, done } = await this.#visits.visit(user, invited);
      person.trouble = undefined;
      if (done > 0) this.#proven.add(domainOf(user) ?? "");
      for (const local of changes) person.changed.add(local);
      if (done < changes.size) {
        person.isDirty = true;
        person.wishes.unshift(...wishes);
        return;
      }
      for (const local of invited) person.invited.delete(local);
      welcome = new Set(person.changed);
      person.changed.clear();
    } catch (error) {
      welcome = this.#onFailure(person, error);
    }
    for (const resolve of wishes) resolve(welcome);
  }

  #onFailure(person: Person, error: unknown): Welcome {
    const { user } = person;
    const domain = domainOf(user) ?? "";
    if (this.#link.state !== "online" || !this.#isOpen(user)) return "failed";
    const reason = reasonOf(error);
    // ejabberd before 23.10 announces the privilege and then fails at every change.
    const isHollow = reason === "internal-server-error" && !this.#proven.has(domain);
    if (reason === "forbidden" || isHollow) {
      this.#privileges.withdraw(domain);
      this.#log.warn(
        { domain, reason },
        "the server grants access to rosters (XEP-0356) but refuses it; people add devices by hand",
      );
      return "unable";
    }
    person.isDirty = true;
    person.notBefore = performance.now() + retryEvery;
    if (person.trouble !== reason)
      this.#log.warn(
        { user, reason },
        "a roster could not be looked after, maybe for want of the account; it is tried again every minute",
      );
    person.trouble = reason;
    return "failed";
  }
}
