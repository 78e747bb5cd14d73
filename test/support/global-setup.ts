import { unpackPackages } from "../../src/embedded/debian-packages.js";
import { findOnSystem } from "../../src/embedded/package-tree.js";
import { packageDirectory, testPackages } from "./packages.js";

/** Unpacks the servers that the tests talk to. Elsewhere than on Debian, those on PATH serve. */
export default async function setup(): Promise<void> {
  if (findOnSystem("apt-get") !== undefined) await unpackPackages(testPackages, packageDirectory);
}
