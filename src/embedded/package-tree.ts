import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs unpacked below a directory, beside the system and without root. */
export interface PackageTree {
  readonly directory: string;
  /** What a program of the tree needs in its environment, the parent's own PATH included. */
  readonly environment: Readonly<Record<string, string>>;
}

const luaVersion = "5.4";

/** The system directories for servers are not on everybody's PATH. */
const systemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Reads what was unpacked below `directory`. An empty or absent directory is an empty tree. */
export function openPackageTree(directory: string): PackageTree {
  const libraries = [join(directory, "usr/lib"), join(directory, "lib")].flatMap((parent) =>
    entriesOf(parent)
      .filter((name) => name.includes("-linux-"))
      .map((name) => join(parent, name)),
  );
  return {
    directory,
    environment: {
      PATH: [...binariesOf(directory), process.env.PATH ?? ""].join(delimiter),
      LD_LIBRARY_PATH: libraries.join(delimiter),
      // An empty entry at the end stands for Lua's own default path.
      [`LUA_PATH_${luaVersion.replace(".", "_")}`]: ["?.lua", "?/init.lua"]
        .map((pattern) => join(directory, "usr/share/lua", luaVersion, pattern))
        .concat(";")
        .join(";"),
      [`LUA_CPATH_${luaVersion.replace(".", "_")}`]: libraries
        .map((library) => join(library, "lua", luaVersion, "?.so"))
        .concat(";")
        .join(";"),
      PYTHONPATH: join(directory, "usr/lib/python3/dist-packages"),
    },
  };
}

/** The absolute path of a program on PATH or in the system's server directories. */
export function findOnSystem(program: string): string | undefined {
  const path = (process.env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  return findIn([...path, ...systemDirectories], program);
}

/** The absolute path of a program in the tree. */
export function findInTree(tree: PackageTree, program: string): string | undefined {
  return findIn(binariesOf(tree.directory), program);
}

function binariesOf(directory: string): string[] {
  return ["usr/bin", "usr/sbin", "bin", "sbin"].map((part) => join(directory, part));
}

function findIn(directories: readonly string[], program: string): string | undefined {
  return directories.map((directory) => join(directory, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
