import { randomInt } from "node:crypto";
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
