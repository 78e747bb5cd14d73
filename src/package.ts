import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory of `package.json`, from the sources as from their compiled form one level deeper. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

export const version = String(
  (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: unknown }).version,
);

function findRoot(directory: string): string {
  return existsSync(join(directory, "package.json")) ? directory : findRoot(dirname(directory));
}
