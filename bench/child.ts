import { type ChildProcess, fork, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { tied } from "../src/embedded/child.js";
import { microseconds } from "./clock.js";

/** A process under measurement, or one that helps. It is ready. */
export interface Child {
  readonly pid: number;
  /** Milliseconds from its creation. */
  readonly readyAfter: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a program of `peers`, with parameters that it gets as JSON. */
export function startPeer(name: string, parameters: object): Promise<Child> {
  const program = fileURLToPath(new URL(`peers/${name}.js`, import.meta.url));
  const child = fork(program, [JSON.stringify(parameters)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return whenReady(name, child, (ready) => child.once("message", ready));
}

/** Starts any program; it is ready when its output, or its log, has had a line for each of these patterns. */
export function startProgram(
  command: string,
  parameters: readonly string[],
  options: {
    readonly ready: readonly RegExp[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly hasChannel?: boolean;
  },
): Promise<Child> {
  const bound = tied(command, parameters);
  const child = spawn(bound.command, bound.parameters, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe", ...(options.hasChannel === true ? (["ipc"] as const) : [])],
  });
  const missing = new Set(options.ready);
  return whenReady(command, child, (ready) => {
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) continue;
      createInterface({ input }).on("line", (line) => {
        for (const pattern of missing) if (pattern.test(line)) missing.delete(pattern);
        if (missing.size === 0) ready();
      });
    }
  });
}

/** Sends a message to a peer and resolves with its answer; rejects when the peer ends instead. */
export function ask<Answer>(child: Child, message: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error("a peer ended in the middle of a measurement"));
    child.process.once("exit", onExit);
    child.process.once("message", (answer) => {
      child.process.off("exit", onExit);
      resolve(answer as Answer);
    });
    child.process.send(message);
  });
}

async function whenReady(
  name: string,
  child: ChildProcess,
  watch: (ready: () => void) => void,
): Promise<Child> {
  const begin = microseconds();
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    watch(resolve);
    child.once("error", reject);
    exit.then(() => reject(new Error(`${name} ended before it was ready`)));
  });
  return {
    pid: child.pid ?? 0,
    readyAfter: (microseconds() - begin) / 1000,
    process: child,
    stop: async () => {
      child.kill();
      await exit;
    },
  };
}
