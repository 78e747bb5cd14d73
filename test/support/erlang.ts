import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { openPackageTree } from "../../src/embedded/package-tree.js";
import type { Program } from "./server-process.js";

/**
 * Erlang with all the libraries of an unpacked tree and of this system. The start script knows one place only, so this
 * is what it would have run.
 */
export function erlangOf(directory: string): Program {
  const roots = [directory, "/"].map((root) => join(root, "usr/lib"));
  const runtime = roots
    .map((root) => join(root, "erlang"))
    .flatMap((root) => namesIn(root, /^erts-/).map((erts) => ({ root, bin: join(root, erts, "bin") })))
    .find(({ bin }) => existsSync(join(bin, "erlexec")));
  if (runtime === undefined) {
    throw new Error(
      `There is no Erlang on this system nor in ${directory}; "npm run test:interop" unpacks it on Debian.`,
    );
  }
  // Its own libraries it finds by itself, and every place more slows each start.
  const libraries = roots
    .flatMap((root) => [
      join(root, "erlang/lib"),
      ...namesIn(root, /-linux-/).map((name) => join(root, name)),
    ])
    .filter((library) => existsSync(library) && library !== join(runtime.root, "lib"));
  return {
    command: join(runtime.bin, "erlexec"),
    environment: {
      ...openPackageTree(directory).environment,
      ROOTDIR: runtime.root,
      BINDIR: runtime.bin,
      EMU: "beam",
      PROGNAME: "erl",
      ERL_LIBS: libraries.join(delimiter),
      ERL_CRASH_DUMP_SECONDS: "0",
    },
  };
}

function namesIn(directory: string, pattern: RegExp): string[] {
  return existsSync(directory) ? readdirSync(directory).filter((name) => pattern.test(name)) : [];
}
