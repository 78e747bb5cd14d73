import type { Principal } from "../../core/command.js";
import type { DeviceView } from "../../core/gateway.js";
import { houseLocal } from "../jids.js";
import type { Rosters } from "../rosters.js";
import { count } from "./listing.js";
import { fold } from "./words.js";

/** People's lists of contacts, as far as their servers let us write there. */
export type ContactLists = Pick<Rosters, "add">;

/** Puts devices into a person's contacts, and says what became of it. */
export async function addToContacts(
  { contacts, jidOf }: { readonly contacts: ContactLists; readonly jidOf: (id: string) => string },
  principal: Principal,
  views: readonly DeviceView[],
  withHouse = false,
): Promise<string> {
  const locals = [...(withHouse ? [houseLocal] : []), ...views.map(({ device }) => device.id)];
  const [first = houseLocal] = locals;
  const names = [
    ...(withHouse ? ["the house"] : []),
    ...(views.length === 1 ? [views[0]?.device.label] : []),
    ...(views.length > 1 ? [count(views.length, "device")] : []),
  ].join(" and ");
  const subject = `${names.charAt(0).toUpperCase()}${names.slice(1)} ${locals.length > 1 ? "are" : "is"}`;
  const byHand =
    locals.length === 1
      ? `Add ${jidOf(first)} in your client.`
      : 'Add the addresses in your client; "list" shows them.';
  const welcome = await contacts.add(principal, locals);
  if (welcome === "unable") return `Your server does not let me do that. ${byHand}`;
  if (welcome === "failed") return `That did not work; the log of the gateway says why. ${byHand}`;
  return `${subject} in your contacts ${locals.some((local) => welcome.has(local)) ? "now" : "already"}.`;
}

/** Whether a text names everything, or the house itself, which no target does. */
export function wholeHouse(name: string): "all" | "house" | undefined {
  const word = fold(name).replace(/^the /, "");
  if (word === "all" || word === "everything" || word === "all devices") return "all";
  return word === "home" || word === "house" ? "house" : undefined;
}
