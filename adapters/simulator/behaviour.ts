import type { ChannelId, DeviceEvent } from "../../src/core/device.js";
import type { CommandValue, Value } from "../../src/core/value.js";

/** What a simulated device is given: chance, time and a voice. Its timers end with it. Times are in milliseconds. */
export interface Stage {
  /** A number by chance, from `low` to below `high`. */
  between(low: number, high: number): number;
  /** Returns the function that calls it off. */
  after(wait: number, act: () => void): () => void;
  every(period: number, act: () => void): void;
  /** Again and again, each time after a wait by chance. */
  sometimes(shortest: number, longest: number, act: () => void): void;
  /** Says all its readings; nobody hears it while it is out of reach. */
  report(): void;
  event(channel: ChannelId, event: DeviceEvent): void;
}

/** A device at work. */
export interface Performance {
  readings(): Readonly<Record<ChannelId, Value>>;
  /**
   * Takes a command and acts on it a little later. Throws `GatewayError("adapter-failed")` for what the device will not
   * do now.
   */
  command?(channel: ChannelId, value: CommandValue): void;
}

/** How one sort of device behaves, from the moment it is called. */
export type Behaviour = (stage: Stage) => Performance;

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** How long a device takes to obey: from the radio to the relay and back. */
export const reaction = 150;
