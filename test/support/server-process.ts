import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A program and the environment to run it in. */
export interface Program {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when a line of the output says so; rejects when the program ends before. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  /** To its standard input. */
  write(text: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Runs a program that stays until it is told to end. `onLine` hears each line of its output, and says which one means ready. */
export function runServer(
  name: string,
  { command, environment }: Program,
  parameters: readonly string[],
  onLine: (line: string) => boolean,
): ServerProcess {
  // A test run that is killed takes its servers along; and what they say is to be heard line by line.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", "stdbuf", "-oL", command, ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve()).once("error", () => resolve());
  });
  const said: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on("line", (line) => {
        if (said.length < 50) said.push(line);
        if (onLine(line)) resolve();
      });
    }
    ended.then(() => reject(new Error(`${name} ended before it was ready:\n${said.join("\n")}`)));
  });
  // Who does not wait for it has nothing to handle.
  ready.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    write: (text) => void child.stdin.write(text),
    kill: (signal) => void child.kill(signal),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
