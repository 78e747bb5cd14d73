import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { packageRoot } from "../../../src/package.js";
import type { Program } from "../../support/server-process.js";

export const sketch = join(packageRoot, "docs/arduino/homeroster/homeroster.ino");
const here = join(packageRoot, "test/devices/arduino");

/** Compiles the sketch, as it stands, for this computer. */
export async function compileSketch({ command, environment }: Program, program: string): Promise<void> {
  const words = ["-Wall", "-Wextra", "-Werror", "-I", here, "-include", "Arduino.h", "-o", program];
  const sources = ["-x", "c++", sketch, join(here, "board.cpp")];
  await promisify(execFile)(command, [...words, ...placesIn(environment), ...sources], {
    env: { ...process.env, ...environment },
  });
}

/** Where a compiler that was only unpacked finds what Debian has elsewhere; its shared C library is the system's. */
function placesIn({ LD_LIBRARY_PATH: paths }: Program["environment"]): readonly string[] {
  const [library] = paths?.split(":") ?? [];
  if (library === undefined) return [];
  const headers = join(library, "../../include");
  return [
    ...["-static", "-B", library, "-L", library],
    ...["-isystem", join(headers, basename(library)), "-isystem", headers],
  ];
}

/** The board, with the sketch on it, at this terminal. */
export interface Board {
  /** What it did to its pins. */
  readonly pins: readonly string[];
  /** `pin 2 0`, `analog 14 150`, and `wait 10000`: its clock goes on by so many milliseconds, and never else. */
  turn(world: string): void;
}

export function powerUp(program: string, terminal: string, world: string): Board {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, terminal], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const pins: string[] = [];
  child.stdout.on("data", (text: Buffer) => pins.push(...String(text).trim().split("\n")));
  child.stdin.on("error", () => {});
  const turn = (line: string) => void child.stdin.write(`${line}\n`);
  turn(world);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  });
  return { pins, turn };
}
