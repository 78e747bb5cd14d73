import type { Role } from "./access.js";
import type { Principal } from "./command.js";

/** Bare JIDs, or other principals, and what they are in this house. */
export type Roles = ReadonlyMap<Principal, Role>;

/**
 * The people of the house, from one or more sources: the configuration, the accounts that were invited. Where two speak of
 * the same person, the source named first counts. May change at any time.
 */
export class People {
  readonly #sources = new Map<string, Roles>();
  readonly #listeners = new Set<(principals: ReadonlySet<Principal>) => void>();

  /** `sources` in the order of their weight; each is empty until `set`. */
  constructor(sources: readonly string[]) {
    for (const source of sources) this.#sources.set(source, new Map());
  }

  roleOf(principal: Principal): Role | undefined {
    for (const roles of this.#sources.values()) {
      const role = roles.get(principal);
      if (role !== undefined) return role;
    }
    return undefined;
  }

  /** All who have a role. */
  all(): ReadonlySet<Principal> {
    return new Set([...this.#sources.values()].flatMap((roles) => [...roles.keys()]));
  }

  /** Replaces what one source says, and tells who has another role now, or none. */
  set(source: string, roles: Roles): void {
    const before = new Map([...this.all()].map((principal) => [principal, this.roleOf(principal)]));
    this.#sources.set(source, roles);
    const concerned = new Set([...before.keys(), ...roles.keys()]);
    const changed = [...concerned].filter((principal) => before.get(principal) !== this.roleOf(principal));
    if (changed.length === 0) return;
    for (const listener of this.#listeners) listener(new Set(changed));
  }

  onChange(listener: (principals: ReadonlySet<Principal>) => void): void {
    this.#listeners.add(listener);
  }
}
