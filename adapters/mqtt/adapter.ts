import type { Adapter, AdapterContext } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { DeviceId } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import type { Log } from "../../src/core/log.js";
import { clientIdFor } from "./client-id.js";
import { Intake } from "./intake.js";
import { BrokerLink } from "./link.js";
import { planFor } from "./plan.js";
import type { Settings } from "./settings.js";
import type { Wiring } from "./wiring.js";

/** One broker. */
export class MqttAdapter implements Adapter {
  readonly #wirings: ReadonlyMap<DeviceId, Wiring>;
  readonly #link: BrokerLink;
  readonly #log: Log;
  readonly #wantsDiscovery: boolean;

  constructor(
    settings: Settings,
    wirings: ReadonlyMap<DeviceId, Wiring>,
    { name, sink, log }: AdapterContext,
  ) {
    const { filters, routes } = planFor(wirings);
    const intake = new Intake(routes, sink, log);
    this.#wirings = wirings;
    this.#log = log;
    this.#wantsDiscovery = settings.discovery !== undefined;
    this.#link = new BrokerLink({
      settings,
      clientId: settings.clientId ?? clientIdFor(name),
      filters,
      log,
      listener: {
        onState: (state, detail) => sink.link(state, detail),
        onMessage: (topic, payload, isRetained) => intake.take(topic, payload, isRetained),
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

  async send({ device, channel, value }: Command, signal: AbortSignal): Promise<void> {
    const voice = this.#wirings.get(device)?.voices.get(channel);
    if (voice === undefined) {
      throw new GatewayError("adapter-failed", `${device} has no command topic for ${channel}.`);
    }
    await this.#link.publish(voice(value), signal);
  }
}
