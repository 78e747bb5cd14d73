import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, isFree } from "./free-ports.js";

/** A server that was killed a moment ago may still be leaving. */
const patience = { attempts: 40, every: 50 };

/**
 * A free port for `name`, the same at every start as long as it can be had: the remembered one, else `preferred`, else
 * any. Kept in `<directory>/ports.json`.
 */
export async function rememberedPort(
  directory: string,
  name: string,
  host: string,
  preferred: number,
): Promise<number> {
  const file = join(directory, "ports.json");
  const kept = readPorts(file)[name];
  for (let attempt = 0; kept !== undefined && attempt < patience.attempts; attempt++) {
    if (await isFree(kept, host)) return kept;
    await delay(patience.every);
  }
  const port = await freePort(host, preferred);
  // Read and written without a pause in between, for several servers start at the same time.
  writeFileSync(`${file}.new`, `${JSON.stringify({ ...readPorts(file), [name]: port }, undefined, 2)}\n`);
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
