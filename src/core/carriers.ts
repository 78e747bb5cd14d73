import type { Adapter, AdapterContext, DeviceSink, LinkState } from "./adapter.js";
import type { Command } from "./command.js";
import type { Device } from "./device.js";
import { GatewayError, messageOf } from "./errors.js";
import type { AdapterStatus, Events } from "./events.js";
import type { Hooks } from "./hooks.js";
import type { Log } from "./log.js";
import type { Registry } from "./registry.js";
import type { StateCache } from "./state-cache.js";
import type { Uplink } from "./uplink.js";

interface Carrier {
  readonly adapter: Adapter;
  readonly closeHooks: () => void;
  status: AdapterStatus;
}

/** How loud the log tells the state of a link. */
const loggedAs = { connecting: "debug", online: "info", offline: "warn" } as const;

/** The adapters of the house: which devices each carries, how its link is, and the way of a command to it. */
export class Carriers {
  readonly #registry: Registry;
  readonly #cache: StateCache;
  readonly #uplink: Uplink;
  readonly #events: Events;
  readonly #hooks: Hooks;
  readonly #log: Log;
  readonly #carriers = new Map<string, Carrier>();
  /** Whose devices changed in this turn of the event loop. */
  readonly #changed = new Set<string>();
  #isRunning = false;

  constructor(parts: {
    readonly registry: Registry;
    readonly cache: StateCache;
    readonly uplink: Uplink;
    readonly events: Events;
    readonly hooks: Hooks;
    readonly log: Log;
  }) {
    this.#registry = parts.registry;
    this.#cache = parts.cache;
    this.#uplink = parts.uplink;
    this.#events = parts.events;
    this.#hooks = parts.hooks;
    this.#log = parts.log;
  }

  statuses(): readonly AdapterStatus[] {
    return [...this.#carriers.values()].map(({ status }) => status);
  }

  /** Makes an adapter that carries the devices which name it. It begins to work with `start`, at once if that was. */
  add(name: string, kind: string, create: (context: AdapterContext) => Adapter): void {
    let carrier: Carrier | undefined;
    // What a stopped adapter still says is not said by the one that took its name.
    const isHeard = () => carrier !== undefined && this.#carriers.get(name) === carrier;
    const log = this.#log.child({ adapter: name });
    const hooks = this.#hooks.door();
    const sink = this.#sink(name, isHeard);
    const adapter = create({ name, devices: this.#devicesOf(name), sink, hooks, log });
    carrier = { adapter, closeHooks: hooks.close, status: { name, kind, state: "connecting", detail: "" } };
    this.#carriers.set(name, carrier);
    this.#changed.delete(name);
    if (this.#isRunning) void this.#start(name, carrier);
  }

  /** Stops an adapter and forgets it. Devices that still name it are offline until another has its name. */
  async remove(name: string): Promise<void> {
    const carrier = this.#carriers.get(name);
    if (carrier === undefined) return;
    this.#onLink(name, "offline", "it was taken away");
    this.#carriers.delete(name);
    carrier.closeHooks();
    await this.#stop(name, carrier);
  }

  /** A device that is new to its adapter: nobody heard of it there yet. */
  welcome(device: Device): void {
    const status = this.#carriers.get(device.adapter)?.status;
    if (status?.state === "offline") this.#takeDown(device, status);
    else this.#uplink.availability(device.adapter, device.id, "unknown", { detail: "not-seen-yet" });
  }

  /** The devices of this adapter changed; it is told of all such changes of one turn together. */
  refit(name: string): void {
    if (!this.#carriers.has(name)) return;
    if (this.#changed.size === 0) queueMicrotask(() => this.#refitAll());
    this.#changed.add(name);
  }

  async start(): Promise<void> {
    this.#isRunning = true;
    await Promise.all([...this.#carriers].map(([name, carrier]) => this.#start(name, carrier)));
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all([...this.#carriers].map(([name, carrier]) => this.#stop(name, carrier)));
  }

  /** Rejects with a `GatewayError`, or when `signal` aborted. */
  async send(name: string, command: Command, signal: AbortSignal): Promise<void> {
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

  #devicesOf(name: string): readonly Device[] {
    return this.#registry.all().filter((device) => device.adapter === name);
  }

  async #start(name: string, carrier: Carrier): Promise<void> {
    try {
      await carrier.adapter.start();
    } catch (error) {
      if (this.#carriers.get(name) === carrier) this.#onLink(name, "offline", messageOf(error));
    }
  }

  async #stop(name: string, { adapter }: Carrier): Promise<void> {
    try {
      await adapter.stop();
    } catch (err) {
      this.#log.error({ err, adapter: name }, `the adapter "${name}" does not stop: ${messageOf(err)}`);
    }
  }

  #refitAll(): void {
    const names = [...this.#changed];
    this.#changed.clear();
    for (const name of names) {
      try {
        this.#carriers.get(name)?.adapter.carry(this.#devicesOf(name));
      } catch (err) {
        this.#log.error({ err, adapter: name }, `"${name}" goes on as before: ${messageOf(err)}`);
      }
    }
  }

  #sink(name: string, isHeard: () => boolean): DeviceSink {
    return {
      report: (device, readings, freshness = "live") => {
        if (isHeard()) this.#uplink.report(name, device, readings, freshness);
      },
      event: (device, channel, event) =>
        isHeard() ? this.#uplink.event(name, device, channel, event) : undefined,
      availability: (device, status, why) => {
        if (isHeard()) this.#uplink.availability(name, device, status, why);
      },
      link: (state, detail = "") => {
        if (isHeard()) this.#onLink(name, state, detail);
      },
    };
  }

  #onLink(name: string, state: LinkState, detail: string): void {
    const carrier = this.#carriers.get(name);
    if (carrier === undefined || (carrier.status.state === state && carrier.status.detail === detail)) return;
    carrier.status = { ...carrier.status, state, detail };
    this.#log[loggedAs[state]]({ adapter: name }, detail === "" ? state : `${state}; ${detail}`);
    for (const device of this.#devicesOf(name)) {
      if (state === "offline") this.#takeDown(device, carrier.status);
      if (state === "online" && this.#cache.availability(device.id).detail === "adapter-offline") {
        this.#uplink.availability(name, device.id, "unknown", { detail: "not-seen-yet" });
      }
    }
    this.#events.emit("adapter", carrier.status);
  }

  #takeDown(device: Device, { name, detail }: AdapterStatus): void {
    const text = `The link "${name}" is down${detail === "" ? "" : `: ${detail}`}.`;
    this.#uplink.availability(name, device.id, "offline", { detail: "adapter-offline", text });
  }
}
