import { GatewayError } from "./errors.js";

/**
 * The entries of a stored document that is `{<name>: [...]}`; none, where there is no such document. `read` gives `undefined`
 * for an entry that is none. Throws `GatewayError("config-invalid")` when anything in it is damaged; `loss` says what comes
 * of removing it.
 */
export function storedList<Entry>(
  name: string,
  stored: unknown,
  read: (entry: unknown) => Entry | undefined,
  loss: string,
): Entry[] {
  if (stored === undefined) return [];
  const list: unknown =
    typeof stored === "object" && stored !== null
      ? Object.getOwnPropertyDescriptor(stored, name)?.value
      : undefined;
  const entries = Array.isArray(list) ? list.map(read) : [undefined];
  return entries.map((entry) => {
    if (entry !== undefined) return entry;
    throw new GatewayError(
      "config-invalid",
      `The stored document "${name}" is damaged. Put back a copy of it, or remove it; then ${loss}.`,
    );
  });
}
