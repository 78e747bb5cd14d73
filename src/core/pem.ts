import { accessSync, constants, readFileSync } from "node:fs";

export function isPem(pemOrPath: string): boolean {
  return pemOrPath.includes("-----BEGIN ");
}

/** Whether it is PEM text, or the name of a file that may be read. */
export function isReadablePem(pemOrPath: string): boolean {
  if (isPem(pemOrPath)) return true;
  try {
    accessSync(pemOrPath, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The PEM text itself; throws when the file cannot be read. */
export function pemOf(pemOrPath: string): string {
  return isPem(pemOrPath) ? pemOrPath : readFileSync(pemOrPath, "utf8");
}
