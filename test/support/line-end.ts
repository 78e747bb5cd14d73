import { spawn } from "node:child_process";
import { once } from "node:events";
import { testProgram } from "./packages.js";

/** Whatever is at the far end of a cable: bytes as they come, by a program of its own (socat). */
export interface LineEnd {
  /** All that came so far. */
  readonly received: string;
  /** Resolves when the bytes are on their way. */
  say(bytes: string | Uint8Array): Promise<void>;
  /** Reads no more, until it goes on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export function openLineEnd(terminal: string): LineEnd {
  const { command, environment } = testProgram("socat");
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", command, "-", `file:${terminal},raw,echo=0`], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "ignore"],
  });
  let received = "";
  child.stdout.on("data", (bytes: Buffer) => {
    received += bytes.toString("latin1");
  });
  child.stdin.on("error", () => {});
  return {
    get received() {
      return received;
    },
    say: (bytes) => new Promise((resolve) => child.stdin.write(bytes, () => resolve())),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    stop: async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    },
  };
}
