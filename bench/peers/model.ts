// Reads the configuration named on the command line, lets every channel of every device speak once, and tells how many bytes
// of the heap are in use then.

import { readSettings } from "../../src/compose.js";
import type { DeviceSink } from "../../src/core/adapter.js";
import { House } from "../../src/core/house.js";
import type { Log } from "../../src/core/log.js";

const silent = () => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };

const house = new House({ epoch: 1, roleOf: () => "owner", log });
await furnish(process.argv[2] ?? "");
// What only the reading needed is gone by then.
await new Promise((resolve) => setImmediate(resolve));
globalThis.gc?.();
process.send?.(process.memoryUsage().heapUsed);
process.exit(house.counts().online > 0 ? 0 : 1);

async function furnish(file: string): Promise<void> {
  const settings = await readSettings(file);
  for (const device of settings.devices) house.put(device);
  const sink = carry(house);
  for (const { id } of settings.devices) {
    sink?.report(id, { stamp: 17, power: true, temperature: 21.4, humidity: 45.5, battery: 90 });
  }
}

function carry(owner: House): DeviceSink | undefined {
  let sink: DeviceSink | undefined;
  owner.carry("broker", "mqtt", (context) => {
    sink = context.sink;
    return { carry: () => {}, start: async () => {}, stop: async () => {}, send: async () => {} };
  });
  return sink;
}
