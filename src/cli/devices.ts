import type { DeviceList } from "../control/answers.js";
import { askRunning } from "./ask-running.js";
import { exitCode } from "./exit-code.js";
import { printJson } from "./print-json.js";
import { columns } from "./table.js";

interface DevicesOptions {
  readonly dataDir: string;
  readonly json: boolean;
}

/** Prints the devices of the running house. Resolves to the exit code. */
export async function devices({ dataDir, json }: DevicesOptions): Promise<number> {
  const list = await askRunning(dataDir, { do: "devices" });
  if (list === undefined) return exitCode.notRunning;
  if (json) printJson({ devices: list.devices });
  else process.stdout.write(devicesText(list));
  return exitCode.done;
}

/** By room, those without one last; all in one table, so that columns stand below one another. */
export function devicesText({ devices: all, lines }: DeviceList): string {
  if (all.length === 0) return "There are no devices yet.\n";
  const rows = columns(
    all.map(({ id, label, availability }) => [`  ${label}`, id, availability.status, lines[id] ?? ""]),
  );
  const byRoom = new Map<string, string[]>();
  all.forEach(({ room }, index) => {
    const name = room ?? "";
    byRoom.set(name, [...(byRoom.get(name) ?? []), rows[index] ?? ""]);
  });
  const rooms = [...byRoom].sort(([a], [b]) => Number(a === "") - Number(b === "") || a.localeCompare(b));
  const blocks = rooms.map(([room, block]) => `${[room === "" ? "(no room)" : room, ...block].join("\n")}\n`);
  return blocks.join("\n");
}
