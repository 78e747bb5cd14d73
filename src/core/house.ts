import { Access, type Action, type Role } from "./access.js";
import type { Adapter, AdapterContext, DeviceSink, LinkState } from "./adapter.js";
import type { Command, CommandRequest, Principal, Receipt } from "./command.js";
import type { Channel, ChannelId, Device, DeviceId } from "./device.js";
import { Downlink } from "./downlink.js";
import { GatewayError, messageOf } from "./errors.js";
import { type AdapterStatus, Events, type GatewayEvents, type Listener } from "./events.js";
import type { DeviceCounts, DeviceView, Gateway, Ticket } from "./gateway.js";
import type { Log } from "./log.js";
import { RateGate } from "./rate-gate.js";
import { Registry } from "./registry.js";
import type { State } from "./state.js";
import { StateCache } from "./state-cache.js";
import { Uplink } from "./uplink.js";
import type { ValueKind } from "./value.js";

const sweepEvery = 10_000;

interface Carrier {
  readonly adapter: Adapter;
  status: AdapterStatus;
}

/** The whole core in one piece: devices and their adapters below, a `Gateway` above. */
export class House implements Gateway {
  readonly epoch: number;
  readonly #log: Log;
  readonly #events: Events;
  readonly #access: Access;
  readonly #registry: Registry;
  readonly #cache = new StateCache(Date.now());
  readonly #uplink: Uplink;
  readonly #downlink: Downlink;
  readonly #carriers = new Map<string, Carrier>();
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
    this.#registry = new Registry(this.#events);
    this.#downlink = new Downlink({
      registry: this.#registry,
      cache: this.#cache,
      access: this.#access,
      events: this.#events,
      transport: (adapter, command, signal) => this.#send(adapter, command, signal),
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
    return [...this.#carriers.values()].map((carrier) => carrier.status);
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

  /** Adds a device, or replaces the one with its id. */
  put(device: Device): void {
    const before = this.#registry.get(device.id)?.channels;
    this.#cache.retain(device.id, (id) => kindOf(before?.get(id)) === kindOf(device.channels.get(id)));
    this.#registry.put(device);
  }

  remove(id: DeviceId): void {
    const device = this.#registry.get(id);
    if (device === undefined) return;
    this.#downlink.drop(device);
    this.#registry.remove(id);
    this.#cache.forget(id);
  }

  /** Makes an adapter that carries the devices which name it. It begins to work with `start`. */
  carry(name: string, kind: string, create: (context: AdapterContext) => Adapter): void {
    const devices = this.#registry.all().filter((device) => device.adapter === name);
    const adapter = create({
      name,
      devices,
      sink: this.#sink(name),
      log: this.#log.child({ adapter: name }),
    });
    this.#carriers.set(name, { adapter, status: { name, kind, state: "connecting", detail: "" } });
  }

  async start(): Promise<void> {
    this.#sweeper = setInterval(() => this.#uplink.sweep(), sweepEvery);
    await Promise.all(
      [...this.#carriers].map(async ([name, { adapter }]) => {
        try {
          await adapter.start();
        } catch (error) {
          this.#onLink(name, "offline", messageOf(error));
        }
      }),
    );
  }

  /** Gives every command its receipt, then stops the adapters. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#downlink.stop();
    await Promise.allSettled([...this.#carriers.values()].map(({ adapter }) => adapter.stop()));
  }

  #view(device: Device): DeviceView {
    const cache = this.#cache;
    return {
      device,
      get availability() {
        return cache.availability(device.id);
      },
      state: (channel: ChannelId): State | undefined => cache.states(device.id).get(channel),
    };
  }

  #sink(name: string): DeviceSink {
    return {
      report: (device, readings, freshness = "live") =>
        this.#uplink.report(name, device, readings, freshness),
      event: (device, channel, event) => this.#uplink.event(name, device, channel, event),
      availability: (device, status, why) => this.#uplink.availability(name, device, status, why),
      link: (state, detail = "") => this.#onLink(name, state, detail),
    };
  }

  #onLink(name: string, state: LinkState, detail: string): void {
    const carrier = this.#carriers.get(name);
    if (carrier === undefined || (carrier.status.state === state && carrier.status.detail === detail)) return;
    carrier.status = { ...carrier.status, state, detail };
    const devices = this.#registry.all().filter((device) => device.adapter === name);
    for (const device of devices) {
      if (state === "offline") {
        const text = `The link "${name}" is down${detail === "" ? "" : `: ${detail}`}.`;
        this.#uplink.availability(name, device.id, "offline", { detail: "adapter-offline", text });
      }
      if (state === "online" && this.#cache.availability(device.id).detail === "adapter-offline") {
        this.#uplink.availability(name, device.id, "unknown", { detail: "not-seen-yet" });
      }
    }
    this.#events.emit("adapter", carrier.status);
  }

  async #send(name: string, command: Command, signal: AbortSignal): Promise<void> {
    const carrier = this.#carriers.get(name);
    if (carrier === undefined) throw new GatewayError("adapter-failed", `There is no adapter "${name}".`);
    try {
      await carrier.adapter.send(command, signal);
    } catch (cause) {
      if (cause instanceof GatewayError || signal.aborted) throw cause;
      this.#log.error(
        { err: cause, device: command.device },
        `the adapter "${name}" failed: ${messageOf(cause)}`,
      );
      const sentence = `The link "${name}" failed; the log of the gateway says how.`;
      throw new GatewayError("adapter-failed", sentence, { cause });
    }
  }
}

function kindOf(channel: Channel | undefined): ValueKind | undefined {
  return channel?.value.kind;
}
