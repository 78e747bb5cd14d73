import type { AdapterFactory, AddressedDevice } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { ChannelId, Device } from "../../src/core/device.js";

/** The world behind an adapter: its broker, its bus, its host. */
export interface AdapterWorld {
  /** Settings under which the adapter finds this world. */
  readonly settings: unknown;
  /** What of the adapter's commands arrived, oldest first; equal commands are equal here. */
  readonly received: readonly unknown[];
  /** The world goes away and says nothing more. */
  lose(): Promise<void>;
  /** It is there again, at the same place. */
  find(): Promise<void>;
  /** From now on it is there, but takes nothing and answers nothing, until `resume`. */
  stall(): void;
  resume(): void;
  /**
   * The device comes to these values of the case's `reading`, one right after the other, and says each where it speaks by
   * itself. Resolves when they are on their way.
   */
  say(...values: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

export interface BabblingWorld extends AdapterWorld {
  /** Sends a megabyte that means nothing, as fast as it can. */
  babble(): Promise<void>;
}

interface Owed {
  readonly factory: AdapterFactory;
  readonly device: Device;
  /** Two commands that `device` takes, of different values. */
  readonly commands: readonly [Command, Command];
  /** A channel that `device` reports, and two values of it, other than the one that it has at first. */
  readonly reading: { readonly channel: ChannelId; readonly values: readonly [unknown, unknown] };
  readonly wrongSettings: unknown;
  readonly wrongDevice: AddressedDevice;
  /** What is lost with its world: its link or, where each device stands for itself, the device. */
  readonly loses?: "link" | "device";
}

/** An adapter, and a real peer for it. */
export type AdapterCase = Owed &
  (
    | { readonly neverBabbles?: undefined; openWorld(): Promise<BabblingWorld> }
    /** Why this peer cannot be made to talk nonsense, as the end of a sentence. */
    | { readonly neverBabbles: string; openWorld(): Promise<AdapterWorld> }
  );
