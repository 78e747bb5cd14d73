import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../core/errors.js";
import { findInTree, findOnSystem, type PackageTree } from "./package-tree.js";

/** How to run Prosody: in front of its own arguments. */
export interface ProsodyProgram {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** A directory of community modules that has the one for XEP-0356. */
  readonly modules: string | undefined;
}

/** Debian's package of community modules; Prosody itself comes without XEP-0356. */
export const communityModules = "prosody-modules";

/** The system's own Prosody, if it has one. */
export function systemProsody(): ProsodyProgram | undefined {
  const command = findOnSystem("prosody");
  if (command === undefined) return undefined;
  const modules = modulesBelow("/") ?? modulesBelow("/usr/local");
  return { command, parameters: [], environment: {}, modules };
}

/** Where `communityModules` are, when they were unpacked below `root`. */
export function modulesBelow(root: string): string | undefined {
  return ["usr/lib", "lib"]
    .map((library) => join(root, library, "prosody/modules"))
    .find((directory) => existsSync(join(directory, "mod_privilege/mod_privilege.lua")));
}

/** A Prosody of unpacked packages: its launcher is copied to `directory`, with the paths it has in the tree. */
export async function unpackedProsody(tree: PackageTree, directory: string): Promise<ProsodyProgram> {
  const original = findInTree(tree, "prosody");
  if (original === undefined) {
    throw new GatewayError(
      "adapter-failed",
      `There is no Prosody in ${tree.directory}; remove it and start again.`,
    );
  }
  const text = await readFile(original, "utf8");
  const interpreter = /^#!.*?(lua[0-9.]*)\s*$/m.exec(text)?.[1] ?? "lua5.4";
  const command = findInTree(tree, interpreter) ?? findOnSystem(interpreter);
  if (command === undefined) {
    throw new GatewayError(
      "adapter-failed",
      `Prosody needs ${interpreter}, which is not in ${tree.directory}.`,
    );
  }
  const launcher = join(directory, "launcher.lua");
  await writeFile(
    launcher,
    text.replace(/^(CFG_\w+DIR)='(.*)';/gm, (_, name, path) => `${name}=[[${join(tree.directory, path)}]];`),
    { mode: 0o600 },
  );
  return {
    command,
    parameters: [launcher],
    environment: tree.environment,
    modules: modulesBelow(tree.directory),
  };
}
