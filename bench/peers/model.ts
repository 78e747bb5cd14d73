// Reads the configuration named on the command line, lets every channel of every device speak once, and tells how many bytes
// the house takes then: its devices, their channels and states.

import { readSettings } from "../../src/compose.js";
import type { DeviceSink } from "../../src/core/adapter.js";
import { House } from "../../src/core/house.js";
import type { Log } from "../../src/core/log.js";

const silent = () => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };

const file = process.argv[2] ?? "";
const weights: number[] = [];
for (let round = 0; round < 6; round += 1) weights.push(await weigh());
// At first the process learns and compiles, which stays.
process.send?.(Math.min(...weights.slice(3)));
process.exit();

/** What goes when a house goes, in bytes. */
async function weigh(): Promise<number> {
  let house: House | undefined = new House({ epoch: 1, roleOf: () => "owner", log });
  await furnish(house, file);
  const furnished = await use();
  if (house.counts().online === 0) throw new Error("no device was heard of");
  house = undefined;
  return furnished - (await use());
}

/** Bytes in use once all is gone that nobody holds. */
async function use(): Promise<number> {
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function furnish(house: House, file: string): Promise<void> {
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
