import { type Document, isMap } from "yaml";

/**
 * From one form of the file to the next: edits the nodes of the document (new ones by its `createPair`), so that the
 * places of what stays are known, and tells each thing to change in the file (`rename home.lang to language`).
 */
export type Migration = (document: Document) => readonly string[];

/** The first leads from version 1 to 2, and so on. */
export const migrations: readonly Migration[] = [];

/** What is wrong with the version that a file has; without one it is the first. */
export function versionFault(version: unknown, steps: readonly Migration[]): string | undefined {
  const present = steps.length + 1;
  if (version === undefined) return undefined;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    return `is no version; write ${present}`;
  }
  if (version <= present) return undefined;
  return `is ${version}, which a newer Homeroster wrote; this one reads ${present}: install the newer one, or take the older file back`;
}

/** Brings a document to the present version, in memory alone. Returns what its file should say. */
export function migrate(document: Document, steps: readonly Migration[]): readonly string[] {
  const version: unknown = isMap(document.contents) ? document.get("version") : undefined;
  if (versionFault(version, steps) !== undefined) return [];
  return steps.slice(Number(version ?? 1) - 1).flatMap((step) => step(document));
}
