import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { vi } from "vitest";
import type { StatusDocument } from "../../src/cli/status-document.js";
import { packageDirectory } from "./packages.js";
import { ownPorts } from "./ports.js";

const execute = promisify(execFile);
/** Longer than any start takes: who waits so long waits for ever. */
const patience = 50_000;
const builtProgram = fileURLToPath(new URL("../../bin/homeroster.js", import.meta.url));

/** A gateway as a user runs it: the built program, in a process and a data directory of its own. */
export class GatewayProcess {
  readonly dataDir: string;
  readonly child: ChildProcess;
  readonly #arguments: readonly string[];
  readonly #program: string;
  output = "";

  private constructor(dataDir: string, more: readonly string[], program: string) {
    this.dataDir = dataDir;
    this.#arguments = more;
    this.#program = program;
    // A directory without a configuration, so that the defaults hold.
    this.child = spawn(process.execPath, [program, "start", "--data", dataDir, ...more], {
      cwd: dataDir,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LOG_LEVEL: "debug" },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (text) => {
        this.output += text;
      });
    }
  }

  /** Starts with the packages that the tests unpacked, in a new data directory or a given one. */
  static async start(
    more: readonly string[] = [],
    dataDir?: string,
    program = builtProgram,
  ): Promise<GatewayProcess> {
    const directory = dataDir ?? (await mkdtemp(join(tmpdir(), "homeroster-data-")));
    if (dataDir === undefined) {
      await symlink(packageDirectory, join(directory, "packages"));
      await ownPorts(directory);
    }
    return new GatewayProcess(directory, more, program);
  }

  /** The same again, in the same data directory. */
  again(): Promise<GatewayProcess> {
    return GatewayProcess.start(this.#arguments, this.dataDir, this.#program);
  }

  async status(): Promise<StatusDocument> {
    const { stdout } = await execute(process.execPath, [
      this.#program,
      "status",
      "--json",
      "--data",
      this.dataDir,
    ]);
    return JSON.parse(stdout) as StatusDocument;
  }

  /** Resolves with the status once it is as wanted. */
  async until(isWanted: (status: StatusDocument) => boolean): Promise<StatusDocument> {
    const arrival = vi.waitFor(
      async () => {
        const status = await this.status().catch(() => undefined);
        if (status !== undefined && isWanted(status)) return status;
        throw new Error(
          `the gateway never got there; its status is ${JSON.stringify(status)}:\n${this.output}`,
        );
      },
      { timeout: patience, interval: 100 },
    );
    const end = once(this.child, "exit").then(() => {
      throw new Error(`the gateway ended:\n${this.output}`);
    });
    return Promise.race([arrival, end]);
  }

  /** Sends a signal and resolves with the exit code. */
  async end(signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exit = once(this.child, "exit");
    this.child.kill(signal);
    await exit;
    return this.child.exitCode;
  }

  async remove(): Promise<void> {
    await this.end("SIGKILL");
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
