import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { GatewayError } from "../core/errors.js";

/**
 * The text of a file that only its owner may read. Made and written at the first call, the same for ever after. Throws
 * "config-invalid" when others may read the file.
 */
export async function keepText(file: string, make: () => string): Promise<string> {
  const kept = await readPrivately(file);
  if (kept !== undefined) return kept;
  const text = make();
  await replaceFile(file, text);
  return text;
}

/** Writes a private file whole: at any instant the old or the new one is complete. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  await writeFile(beside, text, { mode: 0o600, flush: true });
  await rename(beside, file);
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
