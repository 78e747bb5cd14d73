import type { Adapter, AdapterContext } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { Device, DeviceId } from "../../src/core/device.js";
import { PortLink } from "./link.js";
import type { Protocol } from "./protocol.js";
import type { Settings } from "./settings.js";

/** How devices are opened, and what is spoken with them. */
export interface Speech<Wiring> {
  /** Throws `GatewayError("config-invalid")`. */
  open(device: Device): Wiring;
  readonly protocol: Protocol<Wiring>;
}

/** One port, and what is spoken on it. */
export class SerialAdapter<Wiring> implements Adapter {
  readonly #speech: Speech<Wiring>;
  readonly #link: PortLink;
  #carried: ReadonlyMap<DeviceId, { readonly device: Device; readonly wiring: Wiring }> = new Map();

  constructor(settings: Settings, speech: Speech<Wiring>, { devices, sink }: AdapterContext) {
    this.#speech = speech;
    const { protocol } = speech;
    this.#link = new PortLink(settings, {
      onState: (state, detail) => sink.link(state, detail),
      onOpen: (port) => protocol.open(port),
      onBytes: (bytes) => protocol.hear(bytes),
      onClose: () => protocol.close(),
    });
    this.carry(devices);
  }

  async start(): Promise<void> {
    this.#link.start();
  }

  async stop(): Promise<void> {
    await this.#link.stop();
  }

  carry(devices: readonly Device[]): void {
    const before = this.#carried;
    const carried = new Map(
      devices.map((device) => {
        const known = before.get(device.id);
        return [device.id, known?.device === device ? known : { device, wiring: this.#speech.open(device) }];
      }),
    );
    this.#carried = carried;
    this.#speech.protocol.carry(new Map([...carried].map(([id, { wiring }]) => [id, wiring])));
  }

  async send(command: Command, signal: AbortSignal): Promise<void> {
    await this.#speech.protocol.send(command, signal);
  }
}
