import { access, chmod, constants, mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { GatewayError, messageOf } from "../core/errors.js";
import { systemCodeOf } from "../core/system-code.js";

/**
 * Makes the data directory where it is missing, for its owner alone. Resolves with its absolute path; rejects with
 * "config-invalid" and a cure when it cannot be had.
 */
export async function makeDataDirectory(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    // Node's own recursion never ends where the system denies that a parent exists, as below /proc.
    for (const missing of await missingIn(path)) await mkdir(missing, { mode: 0o700 }).catch(ignorePresence);
    await chmod(path, 0o700);
    await access(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new GatewayError(
      "config-invalid",
      `The data directory ${path} cannot be used: ${reasonOf(cause)}. Choose another with --data, or give it to the user that runs this.`,
      { cause },
    );
  }
  return path;
}

/** Throws "config-invalid" when there is no such directory: a misspelt name should not make one. */
export async function findDataDirectory(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return path;
  throw new GatewayError(
    "config-invalid",
    `There is no data directory ${path}. Name it with --data, or run \`homeroster start\` once, which makes it.`,
  );
}

/** What has to be made, outermost first. */
async function missingIn(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (found?.isDirectory() === true) return [];
  if (found !== undefined) throw new Error(`${path} is no directory`);
  return [...(await missingIn(dirname(path))), path];
}

function ignorePresence(error: unknown): void {
  if (systemCodeOf(error) !== "EEXIST") throw error;
}

function reasonOf(error: unknown): string {
  switch (systemCodeOf(error)) {
    case "EACCES":
    case "EPERM":
      return "this user may not write there";
    case "ENOTDIR":
      return "a part of its path is no directory";
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
      return "the disk is full";
    case "ENOENT":
      return "nothing can be made there";
    default:
      return messageOf(error);
  }
}
