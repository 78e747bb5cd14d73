import type { Action } from "../../src/core/access.js";
import type { CommandRequest, Principal, Receipt } from "../../src/core/command.js";
import type {
  Availability,
  AvailabilityStatus,
  ChannelId,
  Device,
  DeviceEvent,
  DeviceId,
} from "../../src/core/device.js";
import { type AdapterStatus, Events, type GatewayEvents, type Listener } from "../../src/core/events.js";
import type { DeviceCounts, DeviceView, Gateway, Ticket } from "../../src/core/gateway.js";
import type { Quality, State } from "../../src/core/state.js";
import type { Value } from "../../src/core/value.js";

/** What an execution ends with; the members left out are filled in from the request. */
export type Answer = Partial<Receipt>;

/**
 * A gateway without a house behind it: devices and states are what the test says, every command is noted in `executed`
 * and ends as `answer` says (confirmed, unless the test sets it).
 */
export class FakeGateway implements Gateway {
  readonly epoch = 7;
  readonly executed: { readonly principal: Principal; readonly request: CommandRequest }[] = [];
  /** Who may do what; everybody everything, unless the test sets it. */
  allows: (principal: Principal, action: Action) => boolean = () => true;
  answer: (request: CommandRequest, principal: Principal) => Answer | Promise<Answer> = () => ({});

  readonly #events = new Events((error) => {
    throw error;
  });
  readonly #devices = new Map<DeviceId, Device>();
  readonly #states = new Map<DeviceId, Map<ChannelId, State>>();
  readonly #availability = new Map<DeviceId, Availability>();
  readonly #adapters = new Map<string, AdapterStatus>();
  readonly #receipts = new Map<string, { readonly principal: Principal; receipt: Receipt | "accepted" }>();

  constructor(devices: readonly Device[] = []) {
    for (const device of devices) this.#devices.set(device.id, device);
  }

  get seq(): number {
    return this.#events.seq;
  }

  may(principal: Principal, action: Action): boolean {
    return this.allows(principal, action);
  }

  devices(principal: Principal): readonly DeviceView[] {
    if (!this.allows(principal, "view")) return [];
    return [...this.#devices.values()]
      .sort((a, b) => a.label.localeCompare(b.label))
      .map((device) => this.#view(device));
  }

  device(principal: Principal, id: DeviceId): DeviceView | undefined {
    const device = this.#devices.get(id);
    return device !== undefined && this.allows(principal, "view") ? this.#view(device) : undefined;
  }

  execute(principal: Principal, request: CommandRequest): Ticket {
    const command = `command-${this.executed.push({ principal, request })}`;
    this.#receipts.set(command, { principal, receipt: "accepted" });
    const receipt = Promise.resolve(this.answer(request, principal)).then((answer) => {
      const final: Receipt = {
        command,
        device: request.device,
        channel: request.channel,
        receipt: "confirmed",
        ...answer,
      };
      this.#receipts.set(command, { principal, receipt: final });
      this.#events.emit("receipt", { ...final, took: 0 });
      return final;
    });
    return { command, receipt };
  }

  receipt(principal: Principal, command: string): Receipt | "accepted" | undefined {
    const kept = this.#receipts.get(command);
    return kept?.principal === principal ? kept.receipt : undefined;
  }

  counts(): DeviceCounts {
    const counts = { total: this.#devices.size, online: 0, offline: 0, unknown: 0 };
    for (const device of this.#devices.values()) counts[this.#view(device).availability.status] += 1;
    return counts;
  }

  adapters(): readonly AdapterStatus[] {
    return [...this.#adapters.values()];
  }

  on<Name extends keyof GatewayEvents>(name: Name, listener: Listener<Name>): () => void {
    return this.#events.on(name, listener);
  }

  /** A report of the device: its states change, and one `state` event tells so. */
  report(id: DeviceId, values: Readonly<Record<ChannelId, Value>>, quality: Quality = "live", at = 0): void {
    const device = this.#devices.get(id);
    if (device === undefined) throw new Error(`The fake gateway has no device ${id}`);
    const states = new Map(
      Object.entries(values).map(([channel, value]) => [
        channel,
        { value, quality, at, seq: this.#events.next() },
      ]),
    );
    this.#states.set(id, new Map([...(this.#states.get(id) ?? []), ...states]));
    this.#events.emit("state", { device, states, qualityChanged: false }, this.seq);
  }

  setAvailability(id: DeviceId, status: AvailabilityStatus, why: Partial<Availability> = {}): void {
    const device = this.#devices.get(id);
    if (device === undefined) throw new Error(`The fake gateway has no device ${id}`);
    const availability: Availability = { detail: "none", since: 0, ...why, status };
    this.#availability.set(id, availability);
    this.#events.emit("availability", { device, availability });
  }

  setDevice(device: Device): void {
    const change = this.#devices.has(device.id) ? "changed" : "added";
    this.#devices.set(device.id, device);
    this.#events.emit("device", { device, change });
  }

  removeDevice(id: DeviceId): void {
    const device = this.#devices.get(id);
    if (device === undefined) return;
    this.#devices.delete(id);
    this.#states.delete(id);
    this.#events.emit("device", { device, change: "removed" });
  }

  setAdapter(status: AdapterStatus): void {
    this.#adapters.set(status.name, status);
    this.#events.emit("adapter", status);
  }

  /** What `principals` may do is as `allows` says now. */
  changeAccess(...principals: readonly Principal[]): void {
    this.#events.emit("access", { principals: new Set(principals) });
  }

  emitEvent(id: DeviceId, channel: ChannelId, event: DeviceEvent, at = 0): void {
    const device = this.#devices.get(id);
    if (device === undefined) throw new Error(`The fake gateway has no device ${id}`);
    const seq = this.#events.next();
    this.#events.emit("event", { device, channel, event, id: `event-${seq}`, at }, seq);
  }

  #view(device: Device): DeviceView {
    return {
      device,
      availability: this.#availability.get(device.id) ?? { status: "online", detail: "none", since: 0 },
      state: (channel) => this.#states.get(device.id)?.get(channel),
    };
  }
}
