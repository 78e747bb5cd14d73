import type { Adapter, AdapterContext } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { Device, DeviceId } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import type { Log } from "../../src/core/log.js";
import { clientIdFor } from "./client-id.js";
import { Intake } from "./intake.js";
import { BrokerLink } from "./link.js";
import { filtersFor, planFor } from "./plan.js";
import type { Settings } from "./settings.js";
import type { Wiring } from "./wiring.js";

/** Opens the addresses of devices. Throws `GatewayError("config-invalid")`. */
export type Opener = (device: Device) => Wiring;

interface Carried {
  readonly device: Device;
  readonly wiring: Wiring;
}

/** One broker. */
export class MqttAdapter implements Adapter {
  readonly #open: Opener;
  readonly #intake: Intake;
  readonly #link: BrokerLink;
  readonly #log: Log;
  readonly #wantsDiscovery: boolean;
  #carried: ReadonlyMap<DeviceId, Carried> = new Map();

  constructor(settings: Settings, open: Opener, { name, devices, sink, log }: AdapterContext) {
    this.#open = open;
    this.#carried = this.#opened(devices);
    const { filters, routes } = planFor(wiringsOf(this.#carried.values()));
    this.#intake = new Intake(routes, sink, log);
    this.#log = log;
    this.#wantsDiscovery = settings.discovery !== undefined;
    this.#link = new BrokerLink({
      settings,
      clientId: settings.clientId ?? clientIdFor(name),
      filters,
      log,
      listener: {
        onState: (state, detail) => {
          if (state === "online") this.#intake.onOnline();
          sink.link(state, detail);
        },
        onMessage: (topic, payload, isRetained) => this.#intake.take(topic, payload, isRetained),
      },
    });
  }

  async start(): Promise<void> {
    if (this.#wantsDiscovery) {
      this.#log.warn({}, "discovery is not available yet; only the devices of the configuration are carried");
    }
    this.#link.start();
  }

  async stop(): Promise<void> {
    await this.#link.stop();
  }

  carry(devices: readonly Device[]): void {
    const before = this.#carried;
    const carried = this.#opened(devices);
    this.#carried = carried;
    const news = [...carried.values()].filter(
      ({ device, wiring }) => before.get(device.id)?.wiring !== wiring,
    );
    const former = news.flatMap(({ device }) => before.get(device.id) ?? []);
    const wirings = wiringsOf(carried.values());
    const { filters, routes } = planFor(wirings);
    // Until the broker has taken the new topics, the old ones of a changed device still count.
    this.#intake.follow(former.length === 0 ? routes : planFor(wirings, wiringsOf(former)).routes);
    const again = filtersFor(
      news.map(({ wiring }) => wiring),
      filters,
    );
    void this.#link.follow(filters, again).then(() => {
      if (this.#carried === carried) this.#intake.follow(routes);
    });
  }

  async send({ device, channel, value }: Command, signal: AbortSignal): Promise<void> {
    const voice = this.#carried.get(device)?.wiring.voices.get(channel);
    if (voice === undefined) {
      throw new GatewayError("adapter-failed", `${device} has no command topic for ${channel}.`);
    }
    await this.#link.publish(voice(value), signal);
  }

  #opened(devices: readonly Device[]): ReadonlyMap<DeviceId, Carried> {
    const before = this.#carried;
    return new Map(
      devices.map((device) => {
        const known = before.get(device.id);
        return [device.id, known?.device === device ? known : { device, wiring: this.#open(device) }];
      }),
    );
  }
}

function wiringsOf(carried: Iterable<Carried>): ReadonlyMap<DeviceId, Wiring> {
  return new Map([...carried].map(({ device, wiring }) => [device.id, wiring]));
}
