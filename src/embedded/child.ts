import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findOnSystem } from "./package-tree.js";

const execute = promisify(execFile);

const known = ["PATH", "HOME", "TZ"];
const knownToTools = ["APT_CONFIG", "http_proxy", "https_proxy", "no_proxy"];

/** What a child is told of the environment: little, for secrets may stand there. */
export function childEnvironment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...ours(known), ...own };
}

function ours(names: readonly string[]): Record<string, string> {
  const all = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

// The kernel does not tell of a parent that died before it was asked to; then the parent is another by now.
const runUnlessOrphaned = '[ "$PPID" = "$0" ] && exec "$@"';

/** The command line of a child that ends with this process, however and whenever that ends. */
export function tied(
  program: string,
  parameters: readonly string[],
): { readonly command: string; readonly parameters: string[] } {
  // Linux tells the child when its parent dies, even of SIGKILL; setpriv asks for it, and all becomes the program.
  const guard = findOnSystem("setpriv");
  if (guard === undefined) return { command: program, parameters: [...parameters] };
  const shell = ["/bin/sh", "-c", runUnlessOrphaned, String(process.pid)];
  return { command: guard, parameters: ["--pdeathsig", "KILL", "--", ...shell, program, ...parameters] };
}

interface ToolSurroundings {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end, ten minutes at most. Resolves with its standard output; rejects when it is gone, too. */
export async function runTool(
  program: string,
  parameters: readonly string[],
  { cwd, environment, signal }: ToolSurroundings = {},
): Promise<string> {
  signal?.throwIfAborted();
  const { command, parameters: all } = tied(program, parameters);
  const running = execute(command, all, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { signal }),
    env: childEnvironment({ ...ours(knownToTools), ...environment, LC_ALL: "C" }),
    maxBuffer: 16 * 1024 * 1024,
    timeout: 10 * 60_000,
  });
  const gone = new Promise((resolve) => running.child.once("close", resolve));
  try {
    return (await running).stdout;
  } catch (error) {
    // Who was told to end may still write for a moment.
    if (running.child.pid !== undefined) await gone;
    throw error;
  }
}
