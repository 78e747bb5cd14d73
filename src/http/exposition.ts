import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Gateway } from "../core/gateway.js";
import type { Readiness } from "./health.js";
import type { Tally } from "./tally.js";

const prefix = "homeroster_";
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface MetricParts {
  readonly gateway: Gateway;
  readonly version: string;
  readonly readiness: () => Readiness;
  readonly tally: Tally;
  /** How many event streams are open. */
  readonly streams: () => number;
}

/** The metrics of the process and of the house. No label has a value for each device, so that their number stays small. */
export function createRegistry({ gateway, version, readiness, tally, streams }: MetricParts): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  new Gauge({
    name: `${prefix}info`,
    help: "Always 1; the version is in the label.",
    labelNames: ["version"],
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: `${prefix}devices`,
    help: "Devices by availability.",
    labelNames: ["availability"],
    registers,
    collect() {
      const { total: _, ...counts } = gateway.counts();
      for (const [availability, count] of Object.entries(counts)) this.set({ availability }, count);
    },
  });
  new Gauge({
    name: `${prefix}link_up`,
    help: "1 when the link is up: xmpp, and each adapter by its name.",
    labelNames: ["link"],
    registers,
    collect() {
      this.reset();
      for (const { name, state } of readiness().links) this.set({ link: name }, state === "online" ? 1 : 0);
    },
  });
  new Gauge({
    name: `${prefix}event_streams`,
    help: "Open HTTP event streams.",
    registers,
    collect() {
      this.set(streams());
    },
  });
  new Counter({
    name: `${prefix}states_total`,
    help: "Changes of a channel's value or quality.",
    registers,
    collect() {
      this.reset();
      this.inc(tally.states);
    },
  });
  new Counter({
    name: `${prefix}events_total`,
    help: "Events of devices, such as a button or a doorbell.",
    registers,
    collect() {
      this.reset();
      this.inc(tally.events);
    },
  });
  new Counter({
    name: `${prefix}commands_total`,
    help: "Commands by their final receipt.",
    labelNames: ["receipt"],
    registers,
    collect() {
      this.reset();
      for (const [receipt, count] of tally.receipts) this.inc({ receipt }, count);
    },
  });
  new Counter({
    name: `${prefix}http_responses_total`,
    help: "HTTP answers by status.",
    labelNames: ["status"],
    registers,
    collect() {
      this.reset();
      for (const [status, count] of tally.responses) this.inc({ status }, count);
    },
  });
  new Histogram({
    name: `${prefix}command_confirmation_seconds`,
    help: "Time from a command to the report that confirmed it.",
    buckets,
    registers,
    collect() {
      for (const milliseconds of tally.takeConfirmationTimes()) this.observe(milliseconds / 1000);
    },
  });
  return registry;
}
