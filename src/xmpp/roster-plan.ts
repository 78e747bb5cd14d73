/** How a contact of ours is shown on a roster. */
export interface Entry {
  readonly name: string;
  readonly groups: readonly string[];
}

/** A contact on a roster (RFC 6121 §2.1.2). */
export interface RosterItem extends Entry {
  /** `none`, `to`, `from` or `both`, seen by the owner of the roster. */
  readonly subscription: string;
}

/** What is remembered of a contact on one roster: how we showed it last, or that its owner took it off. */
export type Memory = Entry | "removed";

/** What is to be done about one contact. */
export interface Step {
  readonly local: string;
  /** How it is set; `"remove"`: it is taken off; nothing: it stays as it is. */
  readonly change?: RosterItem | "remove";
  /** What is remembered once that is done; nothing: the contact is forgotten. */
  readonly memory?: Memory;
}

/**
 * What a roster needs. The word of its owner counts: a name or a group that is not as we set it last stays, and what they took off
 * stays away until they ask for it. What they put there themselves is theirs.
 */
export function planRoster(parts: {
  /** What is there of ours, by localpart. */
  readonly items: ReadonlyMap<string, RosterItem>;
  /** What should be there. */
  readonly wanted: ReadonlyMap<string, RosterItem>;
  readonly memories: ReadonlyMap<string, Memory>;
  /** What its owner asked for. */
  readonly invited: ReadonlySet<string>;
}): readonly Step[] {
  const { items, wanted, memories, invited } = parts;
  const gone = [...memories.keys()].filter((local) => !wanted.has(local));
  return [
    ...gone.map((local) => parting(local, items.get(local), memories.get(local))),
    ...[...wanted].map(([local, want]) => {
      const item = items.get(local);
      const memory = memories.get(local);
      return item === undefined
        ? absent(local, want, memory, invited.has(local))
        : present(local, want, item, memory, invited.has(local));
    }),
  ];
}

function parting(local: string, item: RosterItem | undefined, memory: Memory | undefined): Step {
  // A device may come back, and is still not welcome then.
  if (memory === "removed") return { local, memory };
  const isOurs = item !== undefined && item.name === memory?.name && isSame(item.groups, memory.groups);
  return isOurs ? { local, change: "remove" } : { local };
}

function absent(local: string, want: RosterItem, memory: Memory | undefined, isInvited: boolean): Step {
  return memory === undefined || isInvited
    ? { local, change: want, memory: { name: want.name, groups: want.groups } }
    : { local, memory: "removed" };
}

function present(
  local: string,
  want: RosterItem,
  item: RosterItem,
  memory: Memory | undefined,
  isInvited: boolean,
): Step {
  const isWhole = item.name === want.name && isSame(item.groups, want.groups);
  const ours = isWhole ? want : memory;
  const seen = seesOwner(item) ? "both" : "to";
  const subscription = isInvited ? seen : item.subscription;
  if (ours === undefined || ours === "removed") {
    const change = subscription === item.subscription ? {} : { change: { ...item, subscription } };
    return { local, ...change, ...(memory && { memory }) };
  }
  const name = [ours.name, want.name].includes(item.name) ? want.name : undefined;
  const groups = [ours.groups, want.groups].some((known) => isSame(known, item.groups))
    ? want.groups
    : undefined;
  const next = { name: name ?? item.name, groups: groups ?? item.groups, subscription };
  const isNews =
    next.name !== item.name || !isSame(next.groups, item.groups) || subscription !== item.subscription;
  return {
    local,
    ...(isNews ? { change: next } : {}),
    memory: { name: name ?? ours.name, groups: groups ?? ours.groups },
  };
}

/** Whether the owner of the roster sees the contact. */
export function isSeen(item: RosterItem | undefined): boolean {
  return item?.subscription === "to" || item?.subscription === "both";
}

/** Whether the contact sees the owner of the roster. */
export function seesOwner(item: RosterItem | undefined): boolean {
  return item?.subscription === "from" || item?.subscription === "both";
}

function isSame(groups: readonly string[], others: readonly string[]): boolean {
  return groups.length === others.length && groups.every((group) => others.includes(group));
}
