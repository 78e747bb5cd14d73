import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../src/embedded/free-ports.js";

// Each worker that runs at the same time has a range of its own, below the ports that the system lends to connections.
const first = 10_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % 10) * 2_000;
let next = first + randomInt(1_000);

/** A loopback port for a server of this test, which no other test is about to take. */
export async function testPort(): Promise<number> {
  const port = await freePort("127.0.0.1", next);
  next = port + 1;
  return port;
}

/** Gives a new data directory ports of its own: another gateway that starts at the time may take a default one. */
export async function ownPorts(dataDir: string): Promise<void> {
  const ports = {
    component: await testPort(),
    c2s: await testPort(),
    upload: await testPort(),
    mqtt: await testPort(),
  };
  await writeFile(join(dataDir, "ports.json"), JSON.stringify(ports));
}
