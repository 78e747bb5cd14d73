import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { testPython } from "./packages.js";

/** A question as the slave understood it. */
export interface SlaveRequest {
  readonly unit: number;
  /** The function code. */
  readonly function: number;
  readonly address: number;
  /** Of a read. */
  readonly count?: number;
  /** Of a write. */
  readonly values?: readonly number[];
}

type Fault = "silent" | "hold" | "late" | "crc" | "flip" | "cut" | "noise" | "mute-above-5" | "none";

/** Modbus units at the far end of a cable, by libraries of another language: python3-pymodbus, with `modbus_slave.py`. */
export interface TestSlave {
  /** What was asked so far, oldest first. */
  readonly requests: SlaveRequest[];
  /** Resolves when its port is there. */
  readonly ready: Promise<void>;
  /** Gives the unit these registers or bits; it is there from then on. */
  set(unit: number, table: string, address: number, values: readonly number[]): Promise<void>;
  /** Spoils the next answers of a unit; all of them without `times`. `late` ones come after 400 ms. */
  fault(unit: number, kind: Fault, times?: number): Promise<void>;
  /** Lets the answers go that were held, one by one, before the answer to the next question. */
  release(): Promise<void>;
  /** Sends bytes that nobody asked for. */
  say(hex: string): Promise<void>;
  /** Reads nothing and answers nothing, until it goes on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL("modbus_slave.py", import.meta.url));

/** `far` need not be there yet. */
export function startModbusSlave(far: string): TestSlave {
  const { command, environment } = testPython();
  const child = spawn(command, [script, far], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints = (complaints + text).slice(-4_000);
  });
  const requests: SlaveRequest[] = [];
  const waiting: (() => void)[] = [];
  let onReady = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    onReady = resolve;
    child.once("close", () => reject(new Error(`the Modbus slave ended:\n${complaints}`)));
  });
  ready.catch(() => {});
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { got, ...facts } = JSON.parse(line);
    if (got === "ready") onReady();
    if (got === "request") requests.push(facts);
    if (got === "done") waiting.shift()?.();
  });
  const tell = (words: object) =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      child.stdin.write(`${JSON.stringify(words)}\n`);
    });
  return {
    requests,
    ready,
    set: (unit, table, address, values) => tell({ do: "set", unit, table, address, values }),
    fault: (unit, kind, times) => tell({ do: "fault", unit, kind, times }),
    release: () => tell({ do: "release" }),
    say: (hex) => tell({ do: "say", hex }),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}
