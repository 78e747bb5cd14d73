import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { packageDirectory } from "../support/packages.js";

/** A new data directory for one test, in which the packages are unpacked already. */
export function aDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "homeroster-data-"));
  symlinkSync(packageDirectory, join(directory, "packages"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
