import type { Principal } from "./command.js";

/** `operate` is safe and caution commands; nothing but its own name includes `operate-hazard`. */
export type Action = "view" | "operate" | "operate-hazard" | "administer";

export const roles = ["owner", "admin", "resident", "viewer"] as const;
export type Role = (typeof roles)[number];

const allowed: Readonly<Record<Role, readonly Action[]>> = {
  owner: ["view", "operate", "operate-hazard", "administer"],
  admin: ["view", "operate", "operate-hazard", "administer"],
  resident: ["view", "operate"],
  viewer: ["view"],
};

/** Who may do what. Default deny: a principal without a role may do nothing. */
export class Access {
  readonly #roleOf: (principal: Principal) => Role | undefined;

  constructor(roleOf: (principal: Principal) => Role | undefined) {
    this.#roleOf = roleOf;
  }

  may(principal: Principal, action: Action): boolean {
    const role = this.#roleOf(principal);
    return role !== undefined && allowed[role].includes(action);
  }
}
