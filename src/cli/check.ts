import { readSettings } from "../compose.js";
import { counted } from "../core/counted.js";
import { exitCode } from "./exit-code.js";

/** Reads the configuration and says whether it can be used. Rejects with every mistake when it cannot. */
export async function check(configFile: string | undefined): Promise<number> {
  const { adapters, devices, groups, file, warnings } = await readSettings(configFile);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const parts = [
    counted(adapters.length, "adapter"),
    counted(devices.length, "device"),
    counted(groups.length, "group"),
  ];
  const verdict =
    file === undefined
      ? "There is no config/homeroster.yaml; the built-in trial house would run"
      : "The configuration can be used";
  process.stdout.write(`${verdict}: ${parts.join(", ")}.\n`);
  return exitCode.done;
}
