import { fileURLToPath } from "node:url";
import {
  findInTree,
  findOnSystem,
  openPackageTree,
  type PackageTree,
} from "../../src/embedded/package-tree.js";

/** Where the test servers of this repository are unpacked, once for all runs. */
export const packageDirectory = fileURLToPath(new URL("../../.cache/debian", import.meta.url));

export const testPackages = [
  "prosody",
  "prosody-modules",
  "mosquitto",
  "mosquitto-clients",
  "python3-slixmpp",
  "openssl",
];

let opened: PackageTree | undefined;

/** A program of the test packages: the system's where it has one, else the unpacked copy, with the environment to run it in. */
export function testProgram(name: string): {
  command: string;
  environment: Readonly<Record<string, string>>;
} {
  const system = findOnSystem(name);
  if (system !== undefined) return { command: system, environment: {} };
  opened ??= openPackageTree(packageDirectory);
  const unpacked = findInTree(opened, name);
  if (unpacked === undefined) {
    throw new Error(
      `There is no ${name} on this system nor in ${packageDirectory}; "npm test" unpacks it on Debian.`,
    );
  }
  return { command: unpacked, environment: opened.environment };
}

/** Python as Debian's own packages know it, with slixmpp within reach. */
export function testPython(): { command: string; environment: Readonly<Record<string, string>> } {
  opened ??= openPackageTree(packageDirectory);
  const command = findInTree(opened, "python3") ?? "/usr/bin/python3";
  return { command, environment: opened.environment };
}
