import { open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { GatewayError } from "./errors.js";

/** What stands behind a file's name while its replacement is being written. */
export const unfinishedSuffix = ".new";

/**
 * Writes a file that only its owner may read, as a whole: at any instant, a power cut included, the old or the new one is
 * complete. One at a time for each file.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}${unfinishedSuffix}`;
  const handle = await open(beside, "w", 0o600);
  try {
    // What a killed process left there may be wider.
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
  // Until the directory is synced, too, a power cut may undo the renaming.
  const directory = await open(dirname(file), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** The text of a private file, `undefined` when there is none. Throws "config-invalid" when others may read it. */
export async function readPrivately(file: string): Promise<string | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if ((found.mode & 0o077) !== 0) {
    throw new GatewayError(
      "config-invalid",
      `Others may read ${file}; it must be private: chmod 600 ${file}`,
    );
  }
  return (await readFile(file, "utf8")).trim();
}

/** The text of a private file: made and written at the first call, the same for ever after. Throws like `readPrivately`. */
export async function keepText(file: string, make: () => string): Promise<string> {
  const kept = await readPrivately(file);
  if (kept !== undefined) return kept;
  const text = make();
  await replaceFile(file, text);
  return text;
}
