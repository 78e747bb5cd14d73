import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pause } from "./clock.js";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
const lookEvery = 500;
const idleShare = 0.05;

/** CPU time of a process with all of its threads so far, in microseconds (proc(5), utime and stime). */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

/** Resident memory in bytes. */
export function residentOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** Resolves when the processes do next to nothing. */
export async function idle(pids: readonly number[]): Promise<void> {
  const total = () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  for (let used = Number.POSITIVE_INFINITY; used > lookEvery * 1000 * idleShare; ) {
    const before = total();
    await pause(lookEvery);
    used = total() - before;
  }
}
