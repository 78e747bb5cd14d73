import type { LinkState } from "../../src/core/adapter.js";
import type { DeviceId } from "../../src/core/device.js";
import { GatewayError } from "../../src/core/errors.js";
import type { Log } from "../../src/core/log.js";
import { lowerCase } from "./client/auth.js";
import { shown } from "./client/failure.js";
import type { Intake } from "./intake.js";
import type { Presence } from "./presence.js";
import type { Settings } from "./settings.js";
import { subscriptionOf } from "./streams/settings.js";
import { type StreamSeat, Streams } from "./streams/streams.js";
import type { Wiring } from "./wiring.js";

type Events = NonNullable<Wiring["events"]>;

interface Seat {
  readonly events: Events;
  readonly seat: StreamSeat;
}

/** The key of a device's source of events among its sources. */
export const eventsSource = "events";

/** The sources that tell by themselves, and what becomes of what they tell. */
export class Listening {
  readonly #settings: Settings;
  readonly #intake: Intake;
  readonly #presence: Presence;
  readonly #onTurn: (device: DeviceId) => void;
  readonly #streams: Streams;
  readonly #seats = new Map<DeviceId, Seat>();

  /** `onTurn`: a source was lost or found again, and something may have been missed. */
  constructor(parts: {
    readonly settings: Settings;
    readonly intake: Intake;
    readonly presence: Presence;
    readonly onTurn: (device: DeviceId) => void;
    readonly log: Log;
  }) {
    this.#settings = parts.settings;
    this.#intake = parts.intake;
    this.#presence = parts.presence;
    this.#onTurn = parts.onTurn;
    this.#streams = new Streams(parts.log);
  }

  /** From now on these are listened to. One that is the same object as before goes on undisturbed. */
  follow(devices: ReadonlyMap<DeviceId, Wiring>): void {
    for (const [device, { events, seat }] of this.#seats) {
      if (devices.get(device)?.events === events) continue;
      seat.leave();
      this.#seats.delete(device);
    }
    for (const [device, { events }] of devices) {
      if (events === undefined || this.#seats.has(device)) continue;
      this.#seats.set(device, { events, seat: this.#take(device, events) });
    }
  }

  /** Tells the device's WebSocket something. Rejects with a `GatewayError`. */
  async send(device: DeviceId, text: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GatewayError("adapter-failed", "The command was cancelled.");
    const seat = this.#seats.get(device)?.seat;
    if (seat === undefined) throw new GatewayError("device-offline", `${device} is not connected.`);
    await seat.send(text, signal);
  }

  async stop(): Promise<void> {
    this.#seats.clear();
    await this.#streams.stop();
  }

  #take(device: DeviceId, { words, device: common, ears }: Events): StreamSeat {
    const subscription = subscriptionOf(words, {
      headers: { ...lowerCase(this.#settings.headers), ...lowerCase(common.headers) },
      auth: common.auth ?? this.#settings.auth,
      tls: common.tls ?? this.#settings.tls,
    });
    const place = shown(subscription.source.url);
    let before: LinkState = "connecting";
    let wasOnline = false;
    return this.#streams.take(subscription, {
      onState: (state, detail, isRefusal) => {
        const isTurn = wasOnline && state !== before;
        before = state;
        wasOnline ||= state === "online";
        if (state === "online") this.#presence.onAnswer(device, eventsSource);
        if (state === "offline") {
          const kind = isRefusal ? "configuration-error" : "communication-error";
          this.#presence.onLoss(device, eventsSource, { detail: kind, text: `${detail}.` });
        }
        if (isTurn) this.#onTurn(device);
      },
      onMessage: (payload) => void this.#intake.takeTold(device, ears, payload, place),
    });
  }
}
