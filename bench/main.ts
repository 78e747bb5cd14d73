import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Bench, type Extent } from "./bench.js";
import { microseconds } from "./clock.js";
import { memoryPerDevice, modelPerDevice } from "./memory.js";
import { markdown, thisMachine } from "./report.js";
import { mosquittoVersion } from "./servers.js";
import { freeze, overload } from "./trouble.js";
import { furnish, visit, visitPublishing, visitWriter } from "./visits.js";

const brief: Extent = { rounds: 2, seconds: 1.2, devices: 50, rates: [1_000] };
const full: Extent = { rounds: 5, seconds: 4, devices: 100, rates: [100, 1_000, 5_000, 9_000] };

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    json: { type: "string" },
    server: { type: "string", default: "prosody" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    devices: { type: "string" },
  },
});
const form = values.full ? full : brief;
const extent: Extent = {
  ...form,
  rounds: Number(values.rounds ?? form.rounds),
  seconds: Number(values.seconds ?? form.seconds),
  devices: Number(values.devices ?? form.devices),
};

const bench = await Bench.open(extent, values.server === "ejabberd" ? "ejabberd" : "prosody");
const xmpp = await bench.watcher.serverVersion(bench.servers.xmpp.domain);
try {
  tell("shows the watcher every device");
  await furnish(bench);
  for (let round = 1; round <= extent.rounds; round += 1) {
    tell(`round ${round} of ${extent.rounds}`);
    await measureAll();
  }
} finally {
  await bench.close();
}
const rows = bench.results.rows();
const machine = thisMachine({ xmpp, mosquitto: mosquittoVersion() });
console.log(markdown(machine, values.full ? "full form" : "brief form", rows));
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ machine, extent, rows }, null, 2)}\n`);
process.exit();

/** In turns, so that a machine that grows slower does so for all. */
async function measureAll(): Promise<void> {
  tell("  writer");
  const floor = await visitWriter(bench);
  for (const subject of ["relay", "script", "gateway"] as const) {
    tell(`  ${subject}`);
    await visit(bench, subject, floor);
  }
  tell("  publishing");
  await visitPublishing(bench, floor);
  for (const subject of ["relay", "gateway"] as const) {
    tell(`  overload of the ${subject}`);
    await overload(bench, subject);
    if (!values.full) continue;
    tell(`  the server frozen under the ${subject}`);
    await freeze(bench, subject);
  }
  tell("  memory");
  await modelPerDevice(bench);
  if (values.full) await memoryPerDevice(bench);
}

function tell(what: string): void {
  console.error(`${(microseconds() / 1e6).toFixed(0).padStart(4)} s  ${what}`);
}
