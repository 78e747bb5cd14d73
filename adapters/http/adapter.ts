import type { Adapter, AdapterContext, DeviceSink } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { Channel, Device, DeviceId } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import type { Log } from "../../src/core/log.js";
import { largestState } from "../payload/message-size.js";
import { Refusals } from "../payload/refusals.js";
import { HttpClient } from "./client/client.js";
import { HttpFailure } from "./client/failure.js";
import type { HttpRequest } from "./client/request.js";
import { commandFailureOf, isUncertain } from "./command-failure.js";
import { Confirmation } from "./confirmation.js";
import { HookRoutes } from "./hooks/routes.js";
import { Intake } from "./intake.js";
import { eventsSource, Listening } from "./listening.js";
import { planFor, requestOf } from "./plan.js";
import { Poller } from "./poller.js";
import { Presence } from "./presence.js";
import type { Settings } from "./settings.js";
import type { Wiring } from "./wiring.js";

/** Opens the addresses of devices. Throws `GatewayError("config-invalid")`. */
export type Opener = (device: Device) => Wiring;

interface Carried {
  readonly device: Device;
  readonly wiring: Wiring;
}

/** What lives from a start to the next stop. */
interface Running {
  readonly client: HttpClient;
  readonly poller: Poller;
  readonly listening: Listening;
  readonly confirmation: Confirmation;
}

/** Devices that are asked and told by requests, each at its own place. */
export class HttpAdapter implements Adapter {
  readonly #settings: Settings;
  readonly #open: Opener;
  readonly #sink: DeviceSink;
  readonly #log: Log;
  readonly #refusals: Refusals;
  readonly #intake: Intake;
  readonly #presence: Presence;
  readonly #name: string;
  readonly #hooks: HookRoutes;
  #carried: ReadonlyMap<DeviceId, Carried> = new Map();
  #running: Running | undefined;

  constructor(settings: Settings, open: Opener, { name, devices, sink, hooks, log }: AdapterContext) {
    this.#settings = settings;
    this.#open = open;
    this.#name = name;
    this.#sink = sink;
    this.#log = log;
    this.#refusals = new Refusals(log);
    this.#intake = new Intake(sink, this.#refusals);
    this.#presence = new Presence(sink);
    this.#hooks = new HookRoutes(hooks, (device, payload) => {
      const ears = this.#carried.get(device)?.wiring.hook?.ears ?? [];
      this.#presence.onCall(device);
      return this.#intake.takeTold(device, ears, payload, "its webhook");
    });
    this.#carried = this.#opened(devices);
  }

  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    const client = new HttpClient(this.#settings);
    const poller = new Poller({
      client,
      sink: this.#sink,
      intake: this.#intake,
      presence: this.#presence,
      refusals: this.#refusals,
      log: this.#log,
    });
    const listening = new Listening({
      settings: this.#settings,
      intake: this.#intake,
      presence: this.#presence,
      onTurn: (device) => poller.refresh(device),
      log: this.#log,
    });
    const confirmation = new Confirmation(({ device, channel }) => poller.readAgain(device, channel));
    this.#running = { client, poller, listening, confirmation };
    this.#sink.link("connecting");
    // There is no link of its own that could be down: each host fails for itself.
    this.#sink.link("online");
    this.#follow();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    running.confirmation.stop();
    running.poller.stop();
    this.#hooks.close();
    await Promise.all([running.listening.stop(), running.client.stop()]);
  }

  carry(devices: readonly Device[]): void {
    const before = this.#carried;
    this.#carried = this.#opened(devices);
    for (const id of before.keys()) if (!this.#carried.has(id)) this.#presence.forget(id);
    this.#follow();
  }

  async send(command: Command, signal: AbortSignal): Promise<void> {
    const carried = this.#carried.get(command.device);
    const channel = carried?.device.channels.get(command.channel);
    const voice = carried?.wiring.voices.get(command.channel);
    if (channel === undefined || voice === undefined) {
      throw new GatewayError("adapter-failed", `${command.device} has no request for ${command.channel}.`);
    }
    if (this.#running === undefined) {
      throw new GatewayError("device-offline", `The adapter "${this.#name}" does not run.`);
    }
    const { client, listening, confirmation } = this.#running;
    const saying = voice(command.value);
    if ("send" in saying) await listening.send(command.device, saying.send, signal);
    else await ask(client, requestOf(saying.request, this.#settings, largestState), channel, signal);
    if (channel.readable) confirmation.begin(channel, command);
  }

  #follow(): void {
    if (this.#running === undefined) return;
    const wirings = new Map([...this.#carried].map(([id, { wiring }]) => [id, wiring]));
    const plan = planFor(wirings, this.#settings);
    const sources = new Map(
      [...wirings].map(([id, { events }]) => [id, events === undefined ? [] : [eventsSource]]),
    );
    for (const [key, { audience }] of plan) for (const id of audience.keys()) sources.get(id)?.push(key);
    for (const [id, keys] of sources) this.#presence.follow(id, keys);
    this.#running.poller.follow(plan);
    this.#running.listening.follow(wirings);
    this.#hooks.follow(
      new Map([...wirings].flatMap(([id, { hook }]) => (hook === undefined ? [] : [[id, hook.hook]]))),
    );
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

/** Resolves when the device took the request, or may have: what the channel shows afterwards tells. */
async function ask(
  client: HttpClient,
  request: HttpRequest,
  channel: Channel,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.request(request, { signal, priority: "command" });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    if (!channel.readable || !isUncertain(error)) throw commandFailureOf(error);
  }
}
