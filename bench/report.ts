import { cpus, release, totalmem } from "node:os";
import { type Row, subjects } from "./results.js";

/** Where and with what a run was made. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryInGigabytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly xmpp: string;
  readonly mosquitto: string;
  readonly when: string;
}

export function thisMachine(versions: Pick<Machine, "xmpp" | "mosquitto">): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryInGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    ...versions,
    when: new Date().toISOString().slice(0, 10),
  };
}

/** The machine and the table as Markdown. */
export function markdown(machine: Machine, form: string, rows: readonly Row[]): string {
  const { processor, cores, memoryInGigabytes, kernel, node, xmpp, mosquitto, when } = machine;
  const head = ["measure", "unit", ...subjects, "gateway : floor"];
  const lines = rows.map(({ title, unit, values, floor, ratio }) => [
    title,
    unit,
    ...subjects.map((subject) => shown(values[subject])),
    ratio === undefined ? "" : `${shown(ratio)} (${floor})`,
  ]);
  const table = [head, ["---", "---", ...subjects.map(() => "---:"), "---:"], ...lines];
  return `${when}, ${form}: ${cores} cores of ${processor}, ${memoryInGigabytes} GB, Linux ${kernel}; Node ${node}, ${xmpp}, Mosquitto ${mosquitto}.

${table.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}
`;
}

/** Three digits, without an exponent. */
function shown(value: number | undefined): string {
  if (value === undefined) return "";
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString("en");
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
