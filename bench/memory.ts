import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.js";
import { heapOf, startGateway } from "./gateway.js";
import { devicesYaml } from "./house.js";
import { idle, residentOf } from "./process-usage.js";

const few = 100;
const many = 2_000;

/** What a device costs in the whole process, all of its channels heard of and its node made. */
export async function memoryPerDevice(bench: Bench): Promise<void> {
  const small = await footprint(bench, few);
  const large = await footprint(bench, many);
  const each = (bytes: (of: typeof small) => number) => (bytes(large) - bytes(small)) / (many - few);
  const of = { unit: "bytes", floor: undefined };
  bench.results.add(
    { title: "resident, per device", ...of },
    "gateway",
    each(({ resident }) => resident),
  );
  bench.results.add(
    { title: "heap, per device", ...of },
    "gateway",
    each(({ heap }) => heap),
  );
}

/** What a device of five channels costs in the house itself: its definition and its states. */
export async function modelPerDevice(bench: Bench): Promise<void> {
  const each = ((await weightOfHouse(bench, many)) - (await weightOfHouse(bench, few))) / (many - few);
  const title = "house's own model, per device";
  bench.results.add({ title, unit: "bytes", floor: undefined }, "gateway", each);
}

async function weightOfHouse({ directory }: Bench, devices: number): Promise<number> {
  const file = join(directory, `model-of-${devices}.yaml`);
  const adapters = "adapters: { broker: { kind: mqtt, url: mqtt://127.0.0.1 } }";
  await writeFile(file, `${adapters}\n${devicesYaml(devices)}`);
  const program = fileURLToPath(new URL("peers/model.js", import.meta.url));
  const [bytes] = await once(fork(program, [file], { execArgv: ["--expose-gc"] }), "message");
  return Number(bytes);
}

async function footprint(bench: Bench, devices: number): Promise<{ resident: number; heap: number }> {
  const { servers, directory } = bench;
  const setup = { name: `of-${devices}`, devices, pubsub: true };
  const gateway = await startGateway(servers, setup, directory);
  try {
    const pids = [gateway.pid, servers.xmpp.pid];
    await idle(pids);
    await bench.offer({ rate: devices, devices, seconds: 1.1 });
    await idle(pids);
    return { heap: await heapOf(gateway), resident: residentOf(gateway.pid) };
  } finally {
    await gateway.stop();
  }
}
