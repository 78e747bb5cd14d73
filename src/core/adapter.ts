import type { Command } from "./command.js";
import type { Availability, ChannelId, Device, DeviceEvent, DeviceId } from "./device.js";
import type { HookDoor } from "./hooks.js";
import type { Log } from "./log.js";
import type { Problem } from "./problem.js";
import type { ValueSpec } from "./value.js";

/** The state of an adapter's own link: its broker, port or host. */
export type LinkState = "connecting" | "online" | "offline";

/**
 * How fresh a reading is: `live` the device says so now; `retained` a broker or cache repeats what it said once, which
 * is shown as stale until the device itself confirms it.
 */
export type Freshness = "live" | "retained";

/** What an adapter tells the core. Calls never throw and never wait. */
export interface DeviceSink {
  /**
   * What one message from the device said, by channel. `raw` need not be clean: the core parses it against the
   * channel. A reading makes a device of unknown availability online when it is live.
   */
  report(device: DeviceId, readings: Readonly<Record<ChannelId, unknown>>, freshness?: Freshness): void;
  /**
   * Something that happened once, and just now: a button, a doorbell. It makes a device of unknown availability online.
   * Returns the id of the event, `undefined` where the device has no such channel.
   */
  event(device: DeviceId, channel: ChannelId, event: DeviceEvent): string | undefined;
  availability(
    device: DeviceId,
    status: Availability["status"],
    why?: Pick<Availability, "detail" | "text">,
  ): void;
  /**
   * The adapter's own link. `offline` makes all its devices unavailable (`adapter-offline`) until they are heard again;
   * `online` makes those unknown.
   */
  link(state: LinkState, detail?: string): void;
}

/** One transport instance: one broker, one serial port, one HTTP endpoint. */
export interface Adapter {
  /** Begins to connect. Resolves at once or once commands can be sent; a world that is away is no error. Reconnects by itself until `stop`. */
  start(): Promise<void>;
  /** Frees sockets, ports and timers. Safe to call twice, and before `start`. */
  stop(): Promise<void>;
  /**
   * From now on it carries exactly these devices, whether it runs or not. A device that is the same object as before goes on
   * undisturbed; of one that changed no value is lost. Throws `GatewayError("config-invalid")` for addresses that
   * `checkDevice` refuses; then nothing changed.
   */
  carry(devices: readonly Device[]): void;
  /**
   * Resolves when the transport took the command. The new state arrives by the sink, if the device obeys. Rejects with
   * a `GatewayError` ("device-offline", "adapter-failed"); after `signal` aborted, the command never leaves.
   */
  send(command: Command, signal: AbortSignal): Promise<void>;
}

/** What an adapter is given. `devices` are the ones it carries at first. */
export interface AdapterContext {
  readonly name: string;
  readonly devices: readonly Device[];
  readonly sink: DeviceSink;
  /** For what calls the gateway. What is still open when the adapter is taken away is closed then. */
  readonly hooks: HookDoor;
  readonly log: Log;
}

/** A device as an adapter sees it before it is one: sealed addresses, still to be read. */
export interface AddressedDevice {
  readonly address: unknown;
  readonly channels: Readonly<Record<ChannelId, { readonly value: ValueSpec; readonly address: unknown }>>;
}

/** What a channel's address allows. */
export interface ChannelAccess {
  readonly readable: boolean;
  readonly writable: boolean;
  /** Milliseconds after which its last word is stale where the configuration says nothing else: for what is asked at intervals. */
  readonly staleAfter?: number;
}

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the configuration says to an adapter, for editors that complete and check while one writes. */
export interface AdapterSchemas {
  readonly settings: JsonSchema;
  /** The `address` of a device; without one the adapter takes no devices. */
  readonly device?: JsonSchema;
  /** The `address` of a channel. */
  readonly channel?: JsonSchema;
}

/** The default export of every adapters/KIND/index.ts. Opens nothing before `start`. */
export interface AdapterFactory {
  /** All mistakes in the adapter's settings; none means `create` accepts them. Paths start at the settings. */
  checkSettings(settings: unknown): readonly Problem[];
  /**
   * All mistakes in a device's addresses, or what they allow. Paths start at the device. `settings` are those of its adapter as
   * `checkSettings` takes them; `undefined` where they are not known, or wrong themselves.
   */
  checkDevice(
    device: AddressedDevice,
    settings?: unknown,
  ): {
    readonly problems: readonly Problem[];
    readonly access: Readonly<Record<ChannelId, ChannelAccess>>;
  };
  /** Throws `GatewayError("config-invalid")` for settings or addresses that the checks above refuse. */
  create(settings: unknown, context: AdapterContext): Adapter;
  /** Devices that an adapter brings along by itself, without any configuration (the simulated house). */
  devices?(settings: unknown, adapter: string): readonly Device[];
  schemas?(): AdapterSchemas;
}
