import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../core/log.js";
import { freePort, isFree } from "./free-ports.js";

/** A server that was killed a moment ago may still be leaving. */
const patience = { attempts: 10, every: 50 };

/**
 * A free port for `name`, the same at every start as long as it can be had: the remembered one, else the first free one
 * from `preferred` on. Kept in `<directory>/ports.json`; a move is logged.
 */
export async function rememberedPort(
  directory: string,
  name: string,
  host: string,
  preferred: number,
  log: Log,
): Promise<number> {
  const file = join(directory, "ports.json");
  const kept = readPorts(file)[name];
  for (let attempt = 0; kept !== undefined && attempt < patience.attempts; attempt++) {
    if (await isFree(kept, host)) return kept;
    await delay(patience.every);
  }
  const port = await freePort(host, preferred);
  const wanted = kept ?? preferred;
  if (port !== wanted) log.warn({}, `Port ${wanted} is taken, so ${name} takes ${port} from now on.`);
  // Read and written without a pause in between, for several servers start at the same time.
  const ports = { ...readPorts(file), [name]: port };
  writeFileSync(`${file}.new`, `${JSON.stringify(ports, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return port;
}

function readPorts(file: string): Readonly<Record<string, number>> {
  try {
    const ports: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof ports !== "object" || ports === null) return {};
    return Object.fromEntries(Object.entries(ports).filter(([, port]) => Number.isInteger(port)));
  } catch {
    // A file that cannot be read costs only the memory of the ports.
    return {};
  }
}
