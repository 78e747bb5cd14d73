import type { Bench } from "./bench.js";
import { type Child, startPeer } from "./child.js";
import { microseconds } from "./clock.js";
import { startGateway } from "./gateway.js";
import { idle, residentOf } from "./process-usage.js";
import { percentile } from "./statistics.js";
import { publishingSetup, startSubject } from "./visits.js";

/** More than any server can store, and an easy rate for presence. */
const rate = 5_000;
const frozenFor = 8;
const patience = 60_000;

/** PubSub under more updates than the server can take: how old is what arrives, and how soon is all of it new? */
export async function overload(bench: Bench, subject: "relay" | "gateway"): Promise<void> {
  const { servers, extent, results, directory } = bench;
  const child =
    subject === "gateway"
      ? await startGateway(servers, publishingSetup(bench), directory)
      : await startPeer("relay", { ...bench.way, face: "pubsub" });
  await during(child, async () => {
    await idle([child.pid, servers.xmpp.pid]);
    const collector = bench.collect("item");
    const { last } = await bench.offer({ rate, devices: extent.devices, seconds: extent.seconds });
    const end = microseconds();
    const resident = residentOf(child.pid);
    const at = await collector.fresh(last, patience);
    const title = `overload, ${rate.toLocaleString("en")}/s into PubSub`;
    const floor = "relay";
    results.add({ title: `${title}: p50`, unit: "ms", floor }, subject, percentile(collector.latencies, 0.5));
    results.add(
      { title: `${title}: p99`, unit: "ms", floor },
      subject,
      percentile(collector.latencies, 0.99),
    );
    results.add({ title: `${title}: all fresh after`, unit: "ms", floor }, subject, since(end, at));
    results.add({ title: `${title}: resident`, unit: "MB", floor }, subject, resident / 2 ** 20);
  });
}

/** The server stands still under load, and goes on: how soon is everything shown as it is, and with how much traffic? */
export async function freeze(bench: Bench, subject: "relay" | "gateway"): Promise<void> {
  const { servers, extent, results } = bench;
  const child = await startSubject(bench, subject);
  await during(child, async () => {
    await bench.collect("presence").quiet();
    const collector = bench.collect("presence");
    servers.xmpp.signal("SIGSTOP");
    const { last } = await bench
      .offer({ rate, devices: extent.devices, seconds: frozenFor })
      .finally(() => servers.xmpp.signal("SIGCONT"));
    const end = microseconds();
    const resident = residentOf(child.pid);
    const at = await collector.fresh(last, patience);
    await collector.quiet();
    const title = `server frozen ${frozenFor} s at ${rate.toLocaleString("en")}/s`;
    const floor = "relay";
    results.add({ title: `${title}: all fresh after`, unit: "ms", floor }, subject, since(end, at));
    results.add({ title: `${title}: stanzas`, unit: "", floor }, subject, collector.count);
    results.add({ title: `${title}: resident`, unit: "MB", floor }, subject, resident / 2 ** 20);
  });
}

async function during(child: Child, measure: () => Promise<void>): Promise<void> {
  try {
    await measure();
  } finally {
    await child.stop();
  }
}

/** Milliseconds; not a number for what never came. */
function since(begin: number, end: number | undefined): number {
  return end === undefined ? Number.NaN : Math.max(0, end - begin) / 1000;
}
