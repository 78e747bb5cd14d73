import { randomUUID } from "node:crypto";
import type { Access } from "./access.js";
import type { Command, CommandRequest, Principal, Receipt } from "./command.js";
import { Confirmations } from "./confirmations.js";
import { Delivery, type Outcome } from "./delivery.js";
import type { Channel, ChannelId, Device, DeviceId, Risk } from "./device.js";
import { GatewayError, messageOf } from "./errors.js";
import type { Events } from "./events.js";
import type { Ticket } from "./gateway.js";
import { Ledger } from "./ledger.js";
import type { Log } from "./log.js";
import { DeviceQueue, type Priority } from "./queue.js";
import { confirmWithin } from "./reached.js";
import type { Registry } from "./registry.js";
import { riskOf } from "./risk.js";
import type { StateCache } from "./state-cache.js";
import type { CommandValue, Value } from "./value.js";
import { parseCommand } from "./value-parse.js";

const leaveWithin: Readonly<Record<Risk, number>> = { safe: 10_000, caution: 10_000, hazard: 5_000 };

type Transport = (adapter: string, command: Command, signal: AbortSignal) => Promise<void>;

/** Face to device, one way: find, authorize, parse, confirm, queue, send, receipt. */
export class Downlink {
  readonly #registry: Registry;
  readonly #cache: StateCache;
  readonly #access: Access;
  readonly #events: Events;
  readonly #transport: Transport;
  readonly #log: Log;
  readonly #queues = new Map<DeviceId, DeviceQueue>();
  readonly #ledger = new Ledger();
  readonly #confirmations = new Confirmations();
  #stopping = false;

  constructor(parts: {
    readonly registry: Registry;
    readonly cache: StateCache;
    readonly access: Access;
    readonly events: Events;
    readonly transport: Transport;
    readonly log: Log;
  }) {
    this.#registry = parts.registry;
    this.#cache = parts.cache;
    this.#access = parts.access;
    this.#events = parts.events;
    this.#transport = parts.transport;
    this.#log = parts.log;
  }

  execute(principal: Principal, request: CommandRequest): Ticket {
    const repeated = this.#ledger.repeated(principal, request);
    if (repeated !== undefined && repeated !== "conflict") return repeated;

    const startedAt = performance.now();
    const id = randomUUID();
    let resolve: (receipt: Receipt) => void = () => {};
    const ticket: Ticket = {
      command: id,
      receipt: new Promise((settle) => {
        resolve = settle;
      }),
    };
    const finish = (outcome: Outcome & Partial<Receipt>): void => {
      const receipt: Receipt = { command: id, device: request.device, channel: request.channel, ...outcome };
      this.#ledger.finish(receipt);
      resolve(receipt);
      if (receipt.code === "confirmation-required") return;
      this.#events.emit("receipt", { ...receipt, took: performance.now() - startedAt });
    };
    if (repeated === undefined) this.#ledger.record(principal, request, ticket);

    try {
      if (repeated === "conflict") {
        throw new GatewayError("id-conflict", `The id "${request.id}" was used for another command already.`);
      }
      this.#accept(principal, request, id, finish);
    } catch (error) {
      if (error instanceof Refusal) finish(error.outcome);
      else if (error instanceof GatewayError)
        finish({ receipt: "refused", code: error.code, detail: error.message });
      else finish(this.#mistake(error, request));
    }
    return ticket;
  }

  receipt(principal: Principal, command: string): Receipt | "accepted" | undefined {
    return this.#ledger.receipt(principal, command);
  }

  /** Hears every live reading, for it may confirm a command. */
  hear(device: DeviceId, channel: ChannelId, value: Value): void {
    this.#queues.get(device)?.hear(channel, value);
  }

  /** Ends the commands of a device that is gone. */
  drop(device: Device): void {
    this.#queues.get(device.id)?.cancel("device-unknown", `${device.label} was removed.`);
    this.#queues.delete(device.id);
  }

  /** Takes no more commands and gives every waiting one its receipt. */
  stop(): void {
    this.#stopping = true;
    for (const queue of this.#queues.values()) queue.cancel("busy", "The gateway is stopping.");
  }

  #accept(
    principal: Principal,
    request: CommandRequest,
    id: string,
    finish: (outcome: Outcome & Partial<Receipt>) => void,
  ): void {
    const { device, channel } = this.#find(principal, request);
    const queue = this.#queueOf(device);
    const state = this.#cache.state(device.id, channel.id)?.value;
    const current = queue.wanted(channel.id) ?? state;
    const value = parseCommand(channel.value, request.value, current, request.locale);
    const risk = riskOf(device, channel, value);
    const priority: Priority = {
      replaces: channel.value.kind !== "button",
      overtakes: channel.value.kind === "cover" && value === "stop",
    };
    this.#admit(principal, device, risk);
    if (!queue.hasRoomFor(channel.id, priority))
      throw new GatewayError("busy", `${device.label} has 16 commands waiting; try again shortly.`);
    if (risk === "hazard")
      this.#confirm(principal, request, JSON.stringify([device.id, channel.id, value]), value);

    const delivery = new Delivery({
      command: { id, device: device.id, channel: channel.id, value, risk },
      channel,
      leaveWithin: leaveWithin[risk],
      confirmWithin: confirmWithin(channel),
      before: state,
      mayLeave: () => this.#mayLeave(principal, risk),
      onEnd: (outcome) => finish({ value, ...outcome }),
    });
    queue.push(delivery, priority);
  }

  /** What nobody foresaw. The sender learns only that it was our fault. */
  #mistake(error: unknown, { device, channel }: CommandRequest): Outcome {
    this.#log.error({ err: error, device, channel }, `a command failed inside: ${messageOf(error)}`);
    const detail = "The gateway made a mistake, and nothing was sent; its log says more.";
    return { receipt: "failed", code: "adapter-failed", detail };
  }

  #find(principal: Principal, request: CommandRequest): { device: Device; channel: Channel } {
    const device = this.#registry.get(request.device);
    if (device === undefined || !this.#access.may(principal, "view")) {
      throw new GatewayError("device-unknown", `There is no device "${request.device}".`);
    }
    if (!this.#access.may(principal, "operate")) {
      throw new GatewayError("forbidden", `You may see ${device.label}, but not operate it.`);
    }
    const channel = device.channels.get(request.channel);
    if (channel === undefined) {
      const known = [...device.channels.keys()].join(", ");
      throw new GatewayError(
        "channel-unknown",
        `${device.label} has no channel "${request.channel}"; it has ${known}.`,
      );
    }
    if (!channel.writable) {
      throw new GatewayError("channel-read-only", `${channel.label} of ${device.label} can only be read.`);
    }
    if (this.#stopping) throw new GatewayError("busy", "The gateway is stopping.");
    return { device, channel };
  }

  #admit(principal: Principal, device: Device, risk: Risk): void {
    if (risk === "hazard" && !this.#access.may(principal, "operate-hazard")) {
      throw new GatewayError("forbidden", `You may not do that with ${device.label}; an owner may.`);
    }
    const availability = this.#cache.availability(device.id);
    if (availability.status === "offline") {
      throw new GatewayError("device-offline", availability.text ?? `${device.label} is offline.`);
    }
  }

  /** Comes last, for it uses the code up. */
  #confirm(principal: Principal, request: CommandRequest, deed: string, value: CommandValue): void {
    if (request.confirm !== undefined) {
      if (this.#confirmations.redeem(principal, request.confirm, deed)) return;
      throw new GatewayError(
        "confirmation-invalid",
        "That code is wrong, used or too old. Nothing was done; ask again for a new one.",
      );
    }
    const { code, expiresAt } = this.#confirmations.issue(principal, deed);
    throw new Refusal({
      receipt: "refused",
      code: "confirmation-required",
      detail: `Confirm with the code ${code} within 30 s.`,
      value,
      confirm: code,
      expiresAt,
    });
  }

  /** Access is asked again when the command's turn comes. */
  #mayLeave(principal: Principal, risk: Risk): boolean {
    return this.#access.may(principal, risk === "hazard" ? "operate-hazard" : "operate");
  }

  #queueOf(device: Device): DeviceQueue {
    let queue = this.#queues.get(device.id);
    if (queue === undefined) {
      // A device may change its adapter while it has a queue.
      queue = new DeviceQueue((command, signal) =>
        this.#transport((this.#registry.get(device.id) ?? device).adapter, command, signal),
      );
      this.#queues.set(device.id, queue);
    }
    return queue;
  }
}

/** A refusal that carries more than a code and a sentence. */
class Refusal extends Error {
  readonly outcome: Outcome & Partial<Receipt>;

  constructor(outcome: Outcome & Partial<Receipt>) {
    super(outcome.detail);
    this.outcome = outcome;
  }
}
