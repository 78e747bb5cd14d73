import type { Role } from "../core/access.js";
import { GatewayError } from "../core/errors.js";
import type { Roles } from "../core/people.js";
import type { Store } from "../core/store.js";
import { storedList } from "../core/stored-list.js";

const document = "people";
const lookEvery = 2_000;
const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

const invitedRoles = ["admin", "resident", "viewer"] as const;
export type InvitedRole = (typeof invitedRoles)[number];

interface Person {
  readonly jid: string;
  readonly role: InvitedRole;
  /** Until the account is made: when the invitation ends, milliseconds since the epoch. */
  readonly expires?: number;
}

interface InvitationParts {
  readonly store: Store;
  /** Of the accounts. */
  readonly domain: string;
  readonly hasAccount: (user: string) => boolean;
  /** Has the server make an invitation for an account of that name. */
  readonly request: (user: string) => Promise<{ readonly uri: string; readonly expires: number }>;
  /** Hears of those who came, and what they are in the house; first when it is made. */
  readonly onPeople: (people: Roles) => void;
}

/** An invitation on its way to somebody. */
export interface Invitation {
  readonly uri: string;
  /** The account that it is for. */
  readonly jid: string;
  readonly role: InvitedRole;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/**
 * The people who were invited to the embedded server. Each gets a role in the house when the account is made, which is
 * looked for while an invitation is open. Kept as `people` in the store.
 */
export class Invitations {
  readonly #parts: InvitationParts;
  #people: readonly Person[];
  #timer: NodeJS.Timeout | undefined;

  /** Throws "config-invalid" when what was kept is damaged: then nobody is let in by it. */
  constructor(parts: InvitationParts) {
    this.#parts = parts;
    const stored = parts.store.read(document);
    this.#people = storedList(document, stored, parsePerson, "those who were invited are strangers");
    this.#tell();
    this.#watch();
  }

  /** Throws "value-invalid" for a name that cannot be, or is taken. */
  async invite(name: string, role: InvitedRole): Promise<Invitation> {
    const user = name.toLowerCase();
    if (!namePattern.test(user)) {
      throw new GatewayError(
        "value-invalid",
        `"${name}" cannot be an account; take up to 63 letters (a-z), digits, ".", "_" and "-".`,
      );
    }
    const jid = `${user}@${this.#parts.domain}`;
    if (this.#parts.hasAccount(user)) {
      throw new GatewayError(
        "value-invalid",
        `There is an account ${jid} already. What it may do stands below people: in the configuration.`,
      );
    }
    const { uri, expires } = await this.#parts.request(user);
    await this.#keep([...this.#people.filter((person) => person.jid !== jid), { jid, role, expires }]);
    this.#watch();
    return { uri, jid, role, expires };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks for those who came, as long as someone may. */
  #watch(): void {
    if (this.#timer !== undefined || this.#people.every(hasCome)) return;
    this.#timer = setInterval(() => this.look(), lookEvery);
    this.look();
  }

  /** Takes in who made the account, and forgets whose invitation ended. */
  look(): void {
    const now = Date.now();
    const isHere = ({ jid }: Person) => this.#parts.hasAccount(jid.slice(0, jid.indexOf("@")));
    const people = this.#people.flatMap((person): Person[] => {
      const { jid, role, expires } = person;
      if (expires === undefined) return [person];
      if (isHere(person)) return [{ jid, role }];
      return expires > now ? [person] : [];
    });
    if (people.every(hasCome)) this.stop();
    if (
      people.length === this.#people.length &&
      people.every((person, index) => person === this.#people[index])
    )
      return;
    // What is not on the disk is found again at the next look after a start.
    this.#keep(people).catch(() => {});
    this.#tell();
  }

  async #keep(people: readonly Person[]): Promise<void> {
    this.#people = people;
    await this.#parts.store.write(document, { people });
  }

  #tell(): void {
    const here = this.#people.filter(hasCome).map(({ jid, role }): [string, Role] => [jid, role]);
    this.#parts.onPeople(new Map(here));
  }
}

function hasCome({ expires }: Person): boolean {
  return expires === undefined;
}

function parsePerson(stored: unknown): Person | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { jid, role, expires }: Partial<Record<keyof Person, unknown>> = stored;
  const known = invitedRoles.find((candidate) => candidate === role);
  if (known === undefined || typeof jid !== "string" || !/^[^@/]+@[^@/]+$/.test(jid)) return undefined;
  if (expires === undefined) return { jid, role: known };
  return typeof expires === "number" ? { jid, role: known, expires } : undefined;
}
