import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { GatewayError } from "../core/errors.js";
import { childEnvironment, tied } from "./child.js";
import { PortTakenError } from "./free-ports.js";
import type { ProsodyProgram } from "./prosody-program.js";

/** On a small computer with a slow card a first start takes its time. */
const readyWithin = 30_000;
const stopWithin = 5_000;

export interface ProsodyProcess {
  readonly pid: number;
  /** Resolves with a word about the end (`SIGKILL`, `exit code 1`) once the process is gone. Never rejects. */
  readonly ended: Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL five seconds later. Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** One line of Prosody's log. */
export interface ProsodyLine {
  readonly level: string;
  readonly text: string;
}

interface Run {
  /** It is ready when it listens on all of them. */
  readonly ports: readonly number[];
  readonly onLine: (line: ProsodyLine) => void;
  /** Ends the waiting for it, and the process; one that is ready is left alone. */
  readonly signal?: AbortSignal;
}

/**
 * Runs Prosody in the foreground and resolves when it is ready. It ends with this process, however that ends. Throws `GatewayError("adapter-failed")` when a port is taken, or when Prosody ends or says nothing.
 */
export async function runProsody(
  program: ProsodyProgram,
  configFile: string,
  { ports, onLine, signal }: Run,
): Promise<ProsodyProcess> {
  signal?.throwIfAborted();
  const { command, parameters } = tied(program.command, [
    ...program.parameters,
    "-F",
    "--config",
    configFile,
  ]);
  const child = spawn(command, parameters, {
    env: childEnvironment(program.environment),
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/",
    // A process group of its own: Ctrl-C at the terminal is for the gateway, which has things to say before it stops Prosody.
    detached: true,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopWithin);
    await ended;
    clearTimeout(timer);
  };

  const start = new Readiness(ports);
  // Lua's own last words go to standard error, without a level.
  for (const [input, level] of [
    [child.stdout, "info"],
    [child.stderr, "error"],
  ] as const) {
    createInterface({ input }).on("line", (text) => {
      const line = parseLine(text, level);
      start.see(line);
      onLine(line);
    });
  }
  ended.then((how) => start.fail(`it ended with ${how}`));
  const onAbort = () => start.fail("it was called off");
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await start.ready;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  return { pid: child.pid ?? 0, ended, stop, signal: (signal) => void child.kill(signal) };
}

/** Follows the log until every port is open, or one cannot be: Prosody itself goes on without it. */
class Readiness {
  readonly ready: Promise<void>;
  readonly #waiting: Set<number>;
  readonly #timer: NodeJS.Timeout;
  #resolve: () => void = () => {};
  #reject: (error: GatewayError) => void = () => {};
  #lastError: string | undefined;

  constructor(ports: readonly number[]) {
    this.#waiting = new Set(ports);
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => this.fail(`it was not ready in ${readyWithin / 1000} s`), readyWithin);
  }

  see({ level, text }: ProsodyLine): void {
    if (level === "error") this.#lastError ??= text;
    if (text.startsWith("Failed to open server port")) {
      this.#end(new PortTakenError(`Prosody did not start: a port is taken (${text}).`));
    }
    if (!text.startsWith("Activated service")) return;
    for (const [, port] of text.matchAll(/\]:(\d+)/g)) this.#waiting.delete(Number(port));
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#resolve();
  }

  fail(why: string): void {
    const said = this.#lastError === undefined ? "" : ` (${this.#lastError})`;
    this.#end(new GatewayError("adapter-failed", `Prosody did not start: ${why}${said}.`));
  }

  #end(error: GatewayError): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }
}

function parseLine(line: string, level: string): ProsodyLine {
  const parts = /^\S+\s+(debug|info|warn|error)\t(.*)$/.exec(line);
  return { level: parts?.[1] ?? level, text: parts?.[2] ?? line };
}
