import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../core/errors.js";
import { findInTree, findOnSystem, type PackageTree } from "./package-tree.js";

/** How to run Prosody: in front of its own arguments. */
export interface ProsodyProgram {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The system's own Prosody, if it has one. */
export function systemProsody(): ProsodyProgram | undefined {
  const command = findOnSystem("prosody");
  return command === undefined ? undefined : { command, parameters: [], environment: {} };
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
  return { command, parameters: [launcher], environment: tree.environment };
}
