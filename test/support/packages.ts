import { join } from "node:path";
import {
  findInTree,
  findOnSystem,
  openPackageTree,
  type PackageTree,
} from "../../src/embedded/package-tree.js";
import { packageRoot } from "../../src/package.js";
import type { Program } from "./server-process.js";

/** Where the test servers of this repository are unpacked, once for all runs. */
export const packageDirectory = join(packageRoot, ".cache/debian");

/** Where those stand that only the tests with ejabberd need: Erlang is large. */
export const interopPackageDirectory = join(packageRoot, ".cache/debian-interop");

export const testPackages = [
  "prosody",
  "prosody-modules",
  "mosquitto",
  "mosquitto-clients",
  "python3-slixmpp",
  "python3-paho-mqtt",
  "python3-websockets",
  "python3-pymodbus",
  "python3-serial",
  "socat",
  "openssl",
  "systemd",
  "lighttpd",
  "g++",
];

export const interopPackages = ["ejabberd", "go-sendxmpp"];

const trees = new Map<string, PackageTree>();

/** A program of the test packages: the system's where it has one, else the unpacked copy, with the environment to run it in. */
export function testProgram(name: string, directory = packageDirectory): Program {
  const system = findOnSystem(name);
  if (system !== undefined) return { command: system, environment: {} };
  const tree = treeIn(directory);
  const unpacked = findInTree(tree, name);
  if (unpacked === undefined) {
    throw new Error(
      `There is no ${name} on this system nor in ${directory}; "npm test" and "npm run test:interop" unpack it on Debian.`,
    );
  }
  return { command: unpacked, environment: { ...tree.environment, LD_LIBRARY_PATH: libraryPath(tree) } };
}

/** systemd keeps a library in a directory of its own. */
function libraryPath({ environment }: PackageTree): string {
  const directories = (environment.LD_LIBRARY_PATH ?? "").split(":");
  return [...directories, ...directories.map((directory) => `${directory}/systemd`)].join(":");
}

/** Python as Debian's own packages know it, with slixmpp within reach. */
export function testPython(): Program {
  const tree = treeIn(packageDirectory);
  const command = findInTree(tree, "python3") ?? "/usr/bin/python3";
  return { command, environment: tree.environment };
}

function treeIn(directory: string): PackageTree {
  const tree = trees.get(directory) ?? openPackageTree(directory);
  trees.set(directory, tree);
  return tree;
}
