import type { Command } from "../../src/core/command.js";
import type { DeviceId } from "../../src/core/device.js";

/** A serial port, or a socket to a port server, while it is open. */
export interface OpenPort {
  /** Resolves when the bytes left; rejects when they did not, or when `signal` aborted. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
}

/** What happens on an open port: frames of text or bytes that devices send, or a bus that is asked. */
export interface Protocol<Wiring> {
  /** From now on it serves exactly these devices. One whose wiring is the same object goes on undisturbed. */
  carry(wirings: ReadonlyMap<DeviceId, Wiring>): void;
  open(port: OpenPort): void;
  hear(bytes: Uint8Array): void;
  /** The port is gone; nothing is left open, and commands that wait are refused. Safe to call twice, and before `open`. */
  close(): void;
  /** As `Adapter.send`. */
  send(command: Command, signal: AbortSignal): Promise<void>;
}
