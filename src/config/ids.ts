import { idPattern } from "../core/device.js";
import { slug } from "../core/slug.js";

/** The house itself, and the words of a chat with it: no device or group can be called so. */
export const reservedIds: ReadonlySet<string> = new Set([
  "home",
  ...["help", "status", "on", "off", "toggle", "open", "close", "stop", "lock", "unlock", "press", "set"],
  ...["history", "watch", "unwatch", "list", "inbox", "accept", "ignore", "approve", "deny", "who", "grant"],
  ...["revoke", "add", "yes", "no", "all"],
]);

/** What is wrong with an id, and which would be right; `undefined` when it is one. */
export function idProblem(id: string): string | undefined {
  if (idPattern.test(id)) return undefined;
  return `is no id (a-z, 0-9 and "-", 63 at most, no "-" in front); "${slug(id)}" would be one`;
}

/** The same for devices and groups, which people call by their ids. */
export function nameProblem(id: string): string | undefined {
  if (!reservedIds.has(id)) return idProblem(id);
  return `is a word of the house itself; another id would be right, such as "${id}-1"`;
}
