import type { Device } from "../core/device.js";
import type { Gateway } from "../core/gateway.js";
import { houseLocal } from "./jids.js";
import { oneLine } from "./one-line.js";
import type { RosterItem } from "./roster-plan.js";

const longestName = 128;

/** What people's rosters should show: each device with its label, in a group for its room, and the house. */
export class RosterContents {
  readonly #gateway: Pick<Gateway, "may" | "device" | "devices">;
  readonly #houseName: string;

  constructor(parts: {
    readonly gateway: Pick<Gateway, "may" | "device" | "devices">;
    readonly houseName: string;
  }) {
    this.#gateway = parts.gateway;
    this.#houseName = parts.houseName;
  }

  /** By localpart; nothing for those who may not view. */
  of(user: string): ReadonlyMap<string, RosterItem> {
    const contents = new Map<string, RosterItem>();
    const house = this.one(user, houseLocal);
    if (house !== undefined) contents.set(houseLocal, house);
    for (const { device } of this.#gateway.devices(user)) contents.set(device.id, itemOf(device));
    return contents;
  }

  one(user: string, local: string): RosterItem | undefined {
    if (local === houseLocal) {
      if (!this.#gateway.may(user, "view")) return undefined;
      // The house alone is mutual.
      return { name: oneLine(this.#houseName, longestName), groups: [], subscription: "both" };
    }
    const view = this.#gateway.device(user, local);
    return view === undefined ? undefined : itemOf(view.device);
  }
}

function itemOf({ id, label, room }: Device): RosterItem {
  const group = oneLine(room ?? "", longestName);
  const name = oneLine(label, longestName);
  return { name: name === "" ? id : name, groups: group === "" ? [] : [group], subscription: "to" };
}
