import { isDeepStrictEqual } from "node:util";
import { Access, type Action, type Role } from "./access.js";
import type { Adapter, AdapterContext } from "./adapter.js";
import { Carriers } from "./carriers.js";
import type { CommandRequest, Principal, Receipt } from "./command.js";
import type { ChannelId, Device, DeviceId } from "./device.js";
import { Downlink } from "./downlink.js";
import { messageOf } from "./errors.js";
import { type AdapterStatus, Events, type GatewayEvents, type Listener } from "./events.js";
import type { DeviceCounts, DeviceView, Gateway, Ticket } from "./gateway.js";
import { Hooks } from "./hooks.js";
import type { Log } from "./log.js";
import { RateGate } from "./rate-gate.js";
import { Registry } from "./registry.js";
import type { State } from "./state.js";
import { StateCache } from "./state-cache.js";
import { Uplink } from "./uplink.js";

const sweepEvery = 10_000;

/** The whole core in one piece: devices and their adapters below, a `Gateway` above. */
export class House implements Gateway {
  readonly epoch: number;
  /** What comes to the webhooks of its devices. */
  readonly hooks: Hooks;
  readonly #log: Log;
  readonly #events: Events;
  readonly #access: Access;
  readonly #registry: Registry;
  readonly #cache: StateCache;
  readonly #uplink: Uplink;
  readonly #downlink: Downlink;
  readonly #carriers: Carriers;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(parts: {
    readonly epoch: number;
    readonly roleOf: (principal: Principal) => Role | undefined;
    readonly log: Log;
  }) {
    this.epoch = parts.epoch;
    this.#log = parts.log;
    this.#events = new Events((error, name) =>
      this.#log.error({ err: error }, `a listener of "${name}" failed: ${messageOf(error)}`),
    );
    this.#access = new Access(parts.roleOf);
    this.#registry = new Registry();
    this.#cache = new StateCache(this.#registry, Date.now());
    this.#downlink = new Downlink({
      registry: this.#registry,
      cache: this.#cache,
      access: this.#access,
      events: this.#events,
      transport: (adapter, command, signal) => this.#carriers.send(adapter, command, signal),
      log: this.#log,
    });
    this.#uplink = new Uplink({
      epoch: this.epoch,
      registry: this.#registry,
      cache: this.#cache,
      events: this.#events,
      log: this.#log,
      gate: new RateGate(),
      onReading: (device, channel, value) => this.#downlink.hear(device, channel, value),
    });
    this.hooks = new Hooks(() => `${this.epoch}-${this.#events.next()}`, this.#log);
    this.#carriers = new Carriers({
      registry: this.#registry,
      cache: this.#cache,
      uplink: this.#uplink,
      events: this.#events,
      hooks: this.hooks,
      log: this.#log,
    });
  }

  get seq(): number {
    return this.#events.seq;
  }

  may(principal: Principal, action: Action): boolean {
    return this.#access.may(principal, action);
  }

  devices(principal: Principal): readonly DeviceView[] {
    if (!this.may(principal, "view")) return [];
    return this.#registry.all().map((device) => this.#view(device));
  }

  device(principal: Principal, id: DeviceId): DeviceView | undefined {
    const device = this.#registry.get(id);
    return device !== undefined && this.may(principal, "view") ? this.#view(device) : undefined;
  }

  execute(principal: Principal, request: CommandRequest): Ticket {
    return this.#downlink.execute(principal, request);
  }

  receipt(principal: Principal, command: string): Receipt | "accepted" | undefined {
    return this.#downlink.receipt(principal, command);
  }

  adapters(): readonly AdapterStatus[] {
    return this.#carriers.statuses();
  }

  counts(): DeviceCounts {
    const counts = { total: 0, online: 0, offline: 0, unknown: 0 };
    for (const { id } of this.#registry.all()) {
      counts.total += 1;
      counts[this.#cache.availability(id).status] += 1;
    }
    return counts;
  }

  on<Name extends keyof GatewayEvents>(name: Name, listener: Listener<Name>): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Adds a device, or replaces the one with its id. What was known of a channel is kept while it holds the same values on the
   * same adapter.
   */
  put(device: Device): void {
    const before = this.#registry.get(device.id);
    const hasMoved = before !== undefined && before.adapter !== device.adapter;
    this.#registry.put(device);
    this.#cache.admit(
      device,
      before,
      (id) => !hasMoved && isDeepStrictEqual(before?.channels.get(id)?.value, device.channels.get(id)?.value),
    );
    this.#events.emit("device", { device, change: before === undefined ? "added" : "changed" });
    if (before === undefined || hasMoved) this.#carriers.welcome(device);
    if (hasMoved) this.#carriers.refit(before.adapter);
    this.#carriers.refit(device.adapter);
  }

  remove(id: DeviceId): void {
    const device = this.#registry.get(id);
    if (device === undefined) return;
    this.#downlink.drop(device);
    this.#cache.forget(device);
    this.#registry.remove(id);
    this.#events.emit("device", { device, change: "removed" });
    this.#carriers.refit(device.adapter);
  }

  /** Makes an adapter that carries the devices which name it. It begins to work with `start`, at once if that was. */
  carry(name: string, kind: string, create: (context: AdapterContext) => Adapter): void {
    this.#carriers.add(name, kind, create);
  }

  /** Stops an adapter and forgets it. Devices that still name it are offline until another has its name. */
  release(name: string): Promise<void> {
    return this.#carriers.remove(name);
  }

  /** What these may do changed, says whoever keeps their roles. */
  onAccessChange(principals: ReadonlySet<Principal>): void {
    this.#events.emit("access", { principals });
  }

  async start(): Promise<void> {
    this.#sweeper = setInterval(() => this.#uplink.sweep(), sweepEvery);
    await this.#carriers.start();
  }

  /** Gives every command its receipt, then stops the adapters. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#downlink.stop();
    await this.#carriers.stop();
  }

  #view(device: Device): DeviceView {
    const cache = this.#cache;
    return {
      device,
      get availability() {
        return cache.availability(device.id);
      },
      state: (channel: ChannelId): State | undefined => cache.state(device.id, channel),
    };
  }
}
