import { unpackPackages } from "../../src/embedded/debian-packages.js";
import { findOnSystem } from "../../src/embedded/package-tree.js";
import { interopPackageDirectory, interopPackages } from "./packages.js";

/** Unpacks ejabberd and the further clients. */
export default async function setup(): Promise<void> {
  if (findOnSystem("apt-get") !== undefined) await unpackPackages(interopPackages, interopPackageDirectory);
}
