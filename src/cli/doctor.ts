import { counted } from "../core/counted.js";
import { examine } from "../doctor/doctor.js";
import type { Finding } from "../doctor/finding.js";
import { exitCode } from "./exit-code.js";
import { createLog } from "./log.js";
import { printJson } from "./print-json.js";

interface DoctorCommand {
  readonly configFile?: string;
  readonly dataDir: string;
  readonly json: boolean;
}

const colours: Readonly<Record<Finding["level"], number>> = { ok: 32, warn: 33, fail: 31 };

/** Prints what stands in the gateway's way, and the cure. Resolves to the exit code. */
export async function doctor({ json, ...options }: DoctorCommand): Promise<number> {
  const { findings, isConfigured } = await examine({ ...options, log: createLog({ level: "silent" }) });
  const isWell = findings.every(({ level }) => level !== "fail");
  if (json) printJson({ ok: isWell, findings });
  else process.stdout.write(findingsText(findings, process.stdout.isTTY === true));
  if (!isConfigured) return exitCode.configuration;
  return isWell ? exitCode.done : exitCode.unavailable;
}

/** A line for each finding, its cure below. */
export function findingsText(findings: readonly Finding[], isTerminal: boolean): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, level, text, cure }) => {
    const mark = level.padEnd(4);
    const shown = isTerminal ? `\u001b[${colours[level]}m${mark}\u001b[0m` : mark;
    return [
      `${shown}  ${check.padEnd(width)}  ${text}`,
      ...(cure === undefined ? [] : [`${" ".repeat(4 + 2 + width)}  > ${cure}`]),
    ];
  });
  return `${lines.join("\n")}\n${summary(findings)}\n`;
}

function summary(findings: readonly Finding[]): string {
  const failures = findings.filter(({ level }) => level === "fail").length;
  const warnings = findings.filter(({ level }) => level === "warn").length;
  const remarks = warnings === 0 ? "" : `; ${counted(warnings, "warning")}`;
  return failures === 0 ? `Nothing fails${remarks}.` : `${counted(failures, "failure")}${remarks}.`;
}
