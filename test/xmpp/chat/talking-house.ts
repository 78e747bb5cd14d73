import type { CommandRequest } from "../../../src/core/command.js";
import type { Device } from "../../../src/core/device.js";
import { GatewayError } from "../../../src/core/errors.js";
import { type Locale, machineLocale } from "../../../src/core/locale.js";
import { riskOf } from "../../../src/core/risk.js";
import type { CommandValue, Value } from "../../../src/core/value.js";
import { parseCommand } from "../../../src/core/value-parse.js";
import { type Chat, createChat } from "../../../src/xmpp/chat/chat.js";
import type { Origin } from "../../../src/xmpp/chat/origin.js";
import type { Welcome } from "../../../src/xmpp/rosters.js";
import { aDevice } from "../../support/fake-device.js";
import { type Answer, FakeGateway } from "../../support/fake-gateway.js";

const celsius = { kind: "number", unit: "°C" } as const;

const devices: readonly Device[] = [
  aDevice({
    room: "Kitchen",
    channels: {
      power: { value: { kind: "switch" } },
      brightness: { value: { kind: "level" } },
      color: { value: { kind: "color" } },
    },
  }),
  aDevice({
    id: "oven",
    label: "Oven",
    room: "Kitchen",
    channels: { power: { value: { kind: "switch" }, risk: "hazard" } },
  }),
  aDevice({ id: "hall-lamp", label: "Hall lamp", room: "Hall" }),
  aDevice({ id: "bed-lamp", label: "Lamp", room: "Bedroom" }),
  aDevice({ id: "guest-lamp", label: "Lamp", room: "Guest room" }),
  aDevice({
    id: "kitchen-blind",
    label: "Blind",
    room: "Kitchen",
    class: "blind",
    channels: { position: { value: { kind: "cover" } } },
  }),
  aDevice({
    id: "front-door",
    label: "Front door",
    room: "Hall",
    class: "lock",
    channels: {
      lock: { value: { kind: "lock" } },
      battery: { value: { kind: "number", unit: "%" }, writable: false },
    },
  }),
  aDevice({
    id: "porch",
    label: "Porch",
    class: "sensor",
    channels: {
      temperature: { value: celsius, writable: false },
      humidity: { value: { kind: "number", unit: "%" }, writable: false },
    },
  }),
  aDevice({
    id: "thermostat",
    label: "Thermostat",
    room: "Living room",
    class: "climate",
    main: "target-temperature",
    channels: {
      temperature: { value: celsius, writable: false },
      "target-temperature": { value: { ...celsius, min: 5, max: 30, step: 0.5 } },
      mode: { value: { kind: "choice", options: ["off", "heat", "cool"] } },
    },
  }),
  aDevice({
    id: "outside",
    label: "Outside",
    class: "other",
    main: "siren",
    channels: {
      siren: { value: { kind: "switch" }, risk: "hazard" },
      temperature: { value: celsius, writable: false },
    },
  }),
  aDevice({
    id: "panel",
    label: "Panel",
    class: "other",
    main: "left",
    channels: {
      left: { value: { kind: "switch" } },
      right: { value: { kind: "switch" } },
      volume: { value: { kind: "level" } },
      tone: { value: { kind: "level" } },
      message: { value: { kind: "text" } },
    },
  }),
  aDevice({
    id: "bell",
    label: "Bell",
    class: "other",
    channels: { ring: { value: { kind: "button" }, readable: false } },
  }),
];

export const code = "4821";
export const alice = "alice@example.org";

/** A house that does at once what it is told, as the core would: hazards want the code 4821. */
export class TalkingHouse {
  readonly gateway = new FakeGateway(devices);
  readonly chat: Chat;
  /** What really went to a device, as `device/channel=value`. */
  readonly done: string[] = [];
  /** What a device does instead of obeying. */
  readonly ends = new Map<string, Answer | Promise<Answer>>();

  /** What becomes of "add": all come, unless the test sets it. */
  welcome: Welcome | undefined;

  constructor(locale: Locale = machineLocale) {
    this.gateway.answer = (request) => this.#obey(request);
    this.chat = createChat({
      gateway: this.gateway,
      home: { name: "Our house", locale },
      groups: () => [
        { id: "downstairs", label: "Downstairs", devices: ["kitchen-lamp", "hall-lamp", "porch"] },
      ],
      jidOf: (id) => `${id}@iot.example.org`,
      contacts: { add: async (_, locals) => this.welcome ?? new Set(locals) },
    });
  }

  /** What the house answers to `text`. */
  say(text: string, origin?: Origin): Promise<string | undefined> {
    return this.chat.toHouse(alice, text, origin);
  }

  /** What a device answers to `text`. */
  tell(device: string, text: string, origin?: Origin): Promise<string | undefined> {
    return this.chat.toDevice(alice, device, text, origin);
  }

  #obey(request: CommandRequest): Answer | Promise<Answer> {
    const view = this.gateway.device(alice, request.device);
    const channel = view?.device.channels.get(request.channel);
    if (view === undefined || channel === undefined) return { receipt: "refused", code: "channel-unknown" };
    if (!channel.writable) return { receipt: "refused", code: "channel-read-only" };
    let value: CommandValue;
    try {
      value = parseCommand(channel.value, request.value, view.state(channel.id)?.value, request.locale);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { receipt: "refused", code: error.code, detail: error.message };
    }
    if (view.availability.status === "offline") return { receipt: "refused", code: "device-offline", value };
    if (riskOf(view.device, channel, value) === "hazard" && request.confirm !== code) {
      const refusal = request.confirm === undefined ? "confirmation-required" : "confirmation-invalid";
      return { receipt: "refused", code: refusal, value, confirm: code, expiresAt: Date.now() + 30_000 };
    }
    this.done.push(`${request.device}/${request.channel}=${value}`);
    const end = this.ends.get(request.device);
    if (end !== undefined) return end;
    if (!channel.readable) return { receipt: "sent", value };
    if (value !== "stop") this.gateway.report(request.device, { [request.channel]: reached(value) });
    return { receipt: "confirmed", value };
  }
}

function reached(value: CommandValue): Value {
  if (value === "lock") return "locked";
  return value === "unlock" || value === "open" ? "unlocked" : value;
}
