import { join, resolve } from "node:path";
import { findInTree, findOnSystem, openPackageTree } from "../embedded/package-tree.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warn, fail } = findingsOf("Private Prosody");

/** Whether the embedded server could be started. */
export function checkEmbeddedServer(dataDir: string): readonly Finding[] {
  return [programOf(dataDir), ...guardOf()];
}

function programOf(dataDir: string): Finding {
  const system = findOnSystem("prosody");
  if (system !== undefined) return ok(`${system} would be used.`);
  const directory = join(resolve(dataDir), "packages");
  if (findInTree(openPackageTree(directory), "prosody") !== undefined) {
    return ok(`A private copy is unpacked in ${directory}.`);
  }
  const missing = ["apt-get", "dpkg"].filter((tool) => findOnSystem(tool) === undefined);
  if (missing.length === 0)
    return ok("The first start unpacks it from Debian's packages, which needs the network once.");
  return fail(
    `There is none on the PATH, and without ${missing.join(" and ")} none can be unpacked.`,
    "Install Prosody by this system's package manager, or use a server of your own (xmpp.server: component).",
  );
}

function guardOf(): readonly Finding[] {
  if (findOnSystem("setpriv") !== undefined) return [];
  const text = "Without setpriv it would outlive a gateway that is killed.";
  return [warn(text, "Install util-linux.")];
}
