import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, type Child, startPeer } from "./child.js";
import { Collector } from "./collector.js";
import { owner } from "./house.js";
import type { Offer, Offered } from "./peers/offerer.js";
import { Results } from "./results.js";
import { type Servers, startServers, type XmppServerKind } from "./servers.js";
import { Watcher } from "./watcher.js";

/** How long and how often. */
export interface Extent {
  readonly rounds: number;
  /** Of one measurement. */
  readonly seconds: number;
  readonly devices: number;
  /** Updates a second at which latency is measured. */
  readonly rates: readonly number[];
}

/** What every measurement needs: the servers, who offers, who counts, and where the figures go. */
export class Bench {
  readonly extent: Extent;
  readonly results = new Results();
  readonly servers: Servers;
  readonly watcher: Watcher;
  readonly offerer: Child;
  readonly directory: string;

  private constructor(
    extent: Extent,
    parts: { servers: Servers; watcher: Watcher; offerer: Child; directory: string },
  ) {
    this.extent = extent;
    this.servers = parts.servers;
    this.watcher = parts.watcher;
    this.offerer = parts.offerer;
    this.directory = parts.directory;
  }

  static async open(extent: Extent, server: XmppServerKind): Promise<Bench> {
    const servers = await startServers(server);
    const { xmpp, broker } = servers;
    const { host, domain, c2sPort } = xmpp;
    const watcher = await Watcher.login({ host, port: c2sPort, domain, user: owner, password: owner });
    const offerer = await startPeer("offerer", { mqttPort: broker.port });
    const directory = await mkdtemp(join(tmpdir(), "homeroster-bench-"));
    return new Bench(extent, { servers, watcher, offerer, directory });
  }

  async close(): Promise<void> {
    await this.offerer.stop();
    this.watcher.stop();
    await this.servers.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** What a peer is told. */
  get way(): object {
    const { xmpp, broker } = this.servers;
    const { host, port, component: domain, secret, pubsub } = xmpp;
    const { devices } = this.extent;
    return {
      host,
      port,
      domain,
      secret,
      pubsub,
      mqttPort: broker.port,
      receiver: this.watcher.bare,
      devices,
    };
  }

  offer(offer: Offer): Promise<Offered> {
    return ask<Offered>(this.offerer, offer);
  }

  /** Counts from now on what arrives in this way. */
  collect(by: "presence" | "message" | "item"): Collector {
    const collector = new Collector();
    const nothing = () => {};
    this.watcher.onPresence = by === "presence" ? collector.take : nothing;
    this.watcher.onItem = by === "item" ? collector.take : nothing;
    this.watcher.onMessage =
      by === "message" ? ({ body, ...rest }) => collector.take({ ...rest, stamp: Number(body) }) : nothing;
    return collector;
  }
}
