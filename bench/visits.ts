import { join } from "node:path";
import { packageRoot } from "../src/package.js";
import { testPython } from "../test/support/packages.js";
import type { Bench } from "./bench.js";
import { type Child, startPeer, startProgram } from "./child.js";
import { until } from "./collector.js";
import { measureCommands } from "./downward.js";
import { startGateway } from "./gateway.js";
import { deviceId } from "./house.js";
import { idle, residentOf } from "./process-usage.js";
import type { Subject } from "./results.js";
import { measureLatency, measureMost, measureWriter } from "./upward.js";

const most = { presence: "presence, as many as possible", item: "PubSub items, 16 under way" };
/** So much more is offered than the writer brings through. */
const surplus = 1.2;
const commandLoad = 1_000;
const warmth = { rate: 3_000, seconds: 2 };
/** What the gateway uses on Prosody; see `src/xmpp/pubsub.ts`. */
const windows = [16];

/** What the writer got through in this round. */
export interface Floor {
  readonly presence: number;
  readonly publish: number;
}

/** Creates the nodes, and shows the watcher everything: presence of each device, and each node. */
export async function furnish(bench: Bench): Promise<void> {
  const { watcher, servers, extent, directory } = bench;
  for (const setup of [gatewaySetup(bench), publishingSetup(bench)]) {
    const gateway = await startGateway(servers, setup, directory);
    try {
      if (setup.pubsub) {
        // While a node is made, Prosody forgets who subscribes to it.
        await idle([gateway.pid, servers.xmpp.pid]);
        for (let index = 0; index < extent.devices; index += 1) await follow(bench, index);
      } else {
        const seen = new Set<number>();
        watcher.onPresence = ({ device }) => void seen.add(device);
        for (let index = 0; index < extent.devices; index += 1)
          watcher.send(`<presence type="subscribe" to="${deviceId(index)}@${servers.xmpp.component}"/>`);
        await bench.offer({ rate: extent.devices * 2, devices: extent.devices, seconds: 1 });
        if (!(await until(() => seen.size === extent.devices, 30_000)))
          throw new Error(`only ${seen.size} of ${extent.devices} devices were seen`);
      }
    } finally {
      await gateway.stop();
    }
  }
}

async function follow({ watcher, servers }: Bench, index: number): Promise<void> {
  const { component, pubsub } = servers.xmpp;
  const node = `${component}/${deviceId(index)}`;
  const subscribe = `<subscribe node="${node}" jid="${watcher.bare}"/>`;
  const answer = await watcher.request(
    `<pubsub xmlns="http://jabber.org/protocol/pubsub">${subscribe}</pubsub>`,
    pubsub,
  );
  if (!/type=['"]result/.test(answer)) throw new Error(`no subscription to ${node}: ${answer}`);
}

export async function visitWriter(bench: Bench): Promise<Floor> {
  const writer = await startPeer("writer", bench.way);
  try {
    const presence = await measureWriter(bench, writer, { kind: "presence", window: 0 });
    await measureWriter(bench, writer, { kind: "message", window: 0 });
    let publish = 0;
    for (const window of windows) publish = await measureWriter(bench, writer, { kind: "publish", window });
    return { presence, publish };
  } finally {
    await writer.stop();
  }
}

/** Everything that the relay, the script and the gateway can all do. */
export async function visit(bench: Bench, subject: Subject, floor: Floor): Promise<void> {
  const child = await startSubject(bench, subject);
  const { results, extent } = bench;
  try {
    results.add({ title: "ready after", unit: "ms", floor: "relay" }, subject, child.readyAfter);
    await bench.collect("presence").quiet();
    results.add(
      { title: "resident, idle", unit: "MB", floor: "relay" },
      subject,
      residentOf(child.pid) / 2 ** 20,
    );
    await warmUp(bench);
    for (const rate of extent.rates) await measureLatency(bench, subject, child, rate);
    await measureCommands(bench, subject, 0);
    await measureCommands(bench, subject, commandLoad);
    // The last, for who keeps no order then has a backlog.
    await measureMost(
      bench,
      { name: subject, by: "presence", title: most.presence },
      Math.ceil(floor.presence * surplus),
    );
  } finally {
    await child.stop();
    await bench.collect("presence").quiet();
  }
}

export async function visitPublishing(bench: Bench, floor: Floor): Promise<void> {
  const gateway = await startGateway(bench.servers, publishingSetup(bench), bench.directory);
  try {
    await idle([gateway.pid, bench.servers.xmpp.pid]);
    await warmUp(bench);
    await bench.collect("item").quiet();
    await measureMost(
      bench,
      { name: "gateway", by: "item", title: most.item },
      Math.ceil(floor.publish * surplus),
    );
  } finally {
    await gateway.stop();
  }
}

/** A program is slow before its compiler has seen what it does. */
async function warmUp(bench: Bench): Promise<void> {
  const { devices } = bench.extent;
  await bench.offer({ rate: warmth.rate, devices, seconds: warmth.seconds });
  await bench.collect("presence").quiet();
}

export function startSubject(bench: Bench, subject: Subject): Promise<Child> {
  if (subject === "gateway") return startGateway(bench.servers, gatewaySetup(bench), bench.directory);
  if (subject === "relay") return startPeer("relay", bench.way);
  const python = testPython();
  const script = join(packageRoot, "bench/peers/script.py");
  return startProgram(python.command, [script, JSON.stringify(bench.way)], {
    ready: [/^ready$/],
    environment: python.environment,
  });
}

export function gatewaySetup({ extent }: Bench) {
  return { name: "presence", devices: extent.devices, pubsub: false };
}

export function publishingSetup({ extent }: Bench) {
  return { name: "pubsub", devices: extent.devices, pubsub: true };
}
