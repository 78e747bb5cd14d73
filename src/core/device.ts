import type { ValueSpec } from "./value.js";

/** Matches `[a-z0-9][a-z0-9-]{0,62}`; a device's id is the localpart of its JID. */
export type DeviceId = string;
export type ChannelId = string;

export const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const deviceClasses = [
  "light",
  "socket",
  "blind",
  "lock",
  "sensor",
  "climate",
  "meter",
  "media",
  "alarm",
  "other",
] as const;
export type DeviceClass = (typeof deviceClasses)[number];

/** How much harm a command can do; see `risk.ts` for what is what by default. */
export const risks = ["safe", "caution", "hazard"] as const;
export type Risk = (typeof risks)[number];

/** One aspect of a device. */
export interface Channel {
  readonly id: ChannelId;
  readonly label: string;
  readonly value: ValueSpec;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly risk?: Risk;
  /** Milliseconds from the sending within which the device should report the wanted value; 0 where it never does. */
  readonly confirmWithin?: number;
  /** Milliseconds without a report after which the last value is stale. */
  readonly staleAfter?: number;
  /** Where it lives on the wire; only its adapter opens it. */
  readonly address: unknown;
}

/** One thing with an identity and a JID. Immutable: a change is a new definition under the same id. */
export interface Device {
  readonly id: DeviceId;
  readonly label: string;
  readonly room?: string;
  readonly class: DeviceClass;
  /** The channel that stands for the device; see `main-channel.ts`. */
  readonly main: ChannelId | undefined;
  /** The name of the adapter instance that carries it. */
  readonly adapter: string;
  readonly channels: ReadonlyMap<ChannelId, Channel>;
  readonly address: unknown;
}

export type AvailabilityStatus = "online" | "offline" | "unknown";

/** After openHAB's status details. */
export type AvailabilityDetail =
  | "none"
  | "communication-error"
  | "configuration-error"
  | "adapter-offline"
  | "not-seen-yet"
  | "gone";

export interface Availability {
  readonly status: AvailabilityStatus;
  readonly detail: AvailabilityDetail;
  /** A sentence for a person. */
  readonly text?: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Something that happened once: a button, a doorbell. */
export interface DeviceEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}
