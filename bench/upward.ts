import type { Bench } from "./bench.js";
import { ask, type Child } from "./child.js";
import { microseconds, pause } from "./clock.js";
import type { Collector } from "./collector.js";
import type { WriterRun } from "./peers/writer.js";
import { cpuOf } from "./process-usage.js";
import type { Subject } from "./results.js";
import { percentile } from "./statistics.js";

const settling = 0.3;

/** How many a second arrive of what the writer writes; the floor of all throughput. */
export async function measureWriter(
  bench: Bench,
  writer: Child,
  run: Omit<WriterRun, "seconds">,
): Promise<number> {
  const { seconds } = bench.extent;
  const { kind, window } = run;
  const title = kind === "publish" ? `PubSub items, ${window} under way` : `${kind}, as many as possible`;
  const collector = bench.collect(kind === "publish" ? "item" : kind);
  const done = ask<{ written: number }>(writer, { ...run, seconds });
  const rate = await rateOf(collector, seconds);
  await done;
  await collector.quiet();
  bench.results.add({ title, unit: "/s", floor: "writer" }, "writer", rate);
  return rate;
}

/** How many a second arrive when more are offered than the server can take. */
export async function measureMost(
  bench: Bench,
  subject: { readonly name: Subject; readonly by: "presence" | "item"; readonly title: string },
  rate: number,
): Promise<void> {
  const { seconds, devices } = bench.extent;
  const collector = bench.collect(subject.by);
  const offered = bench.offer({ rate, devices, seconds });
  const most = await rateOf(collector, seconds);
  await offered;
  bench.results.add({ title: subject.title, unit: "/s", floor: "writer" }, subject.name, most);
  await collector.quiet();
}

/** Latency, and what an update costs, at a rate that everyone should keep up with. */
export async function measureLatency(
  bench: Bench,
  subject: Subject,
  { pid }: Child,
  rate: number,
): Promise<void> {
  const { seconds, devices } = bench.extent;
  const { results, servers } = bench;
  const collector = bench.collect("presence");
  const before = { own: cpuOf(pid), server: cpuOf(servers.xmpp.pid) };
  const { sent, last } = await bench.offer({ rate, devices, seconds });
  await collector.fresh(last, 5_000);
  const own = cpuOf(pid) - before.own;
  const server = cpuOf(servers.xmpp.pid) - before.server;
  await collector.quiet();
  const at = `at ${rate.toLocaleString("en")}/s`;
  const floor = "relay";
  results.add({ title: `${at}: p50`, unit: "ms", floor }, subject, percentile(collector.latencies, 0.5));
  results.add({ title: `${at}: p99`, unit: "ms", floor }, subject, percentile(collector.latencies, 0.99));
  results.add({ title: `${at}: delivered`, unit: "%", floor }, subject, (collector.count / sent) * 100);
  results.add({ title: `${at}: CPU per update`, unit: "µs", floor }, subject, own / sent);
  results.add(
    { title: `${at}: server's CPU per presence`, unit: "µs", floor },
    subject,
    server / Math.max(1, collector.count),
  );
}

/** By the second, without the beginning. */
async function rateOf(collector: Collector, seconds: number): Promise<number> {
  await pause(seconds * settling * 1000);
  const begin = { count: collector.count, at: microseconds() };
  await pause(seconds * (1 - settling) * 1000);
  return ((collector.count - begin.count) / (microseconds() - begin.at)) * 1e6;
}
