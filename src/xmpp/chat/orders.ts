import type { CommandRequest, Principal, Receipt } from "../../core/command.js";
import type { Channel, Risk } from "../../core/device.js";
import type { DeviceView, Gateway } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { riskOf } from "../../core/risk.js";
import { isRelative, parseCommand } from "../../core/value-parse.js";
import { type Answer, answer, complaint } from "./answer.js";
import type { Origin } from "./origin.js";
import type { Questions } from "./questions.js";
import { deed, isMistake, sentenceOf } from "./sentences.js";

/** A command that a text asked for, before the core has seen it. */
export interface Order {
  readonly view: DeviceView;
  readonly channel: Channel;
  readonly value: string;
}

/** Gives commands to the core and words what became of them. */
export class Orders {
  /** Of those who give the orders. */
  readonly locale: Locale;
  readonly #gateway: Gateway;
  readonly #questions: Questions;

  constructor(gateway: Gateway, questions: Questions, locale: Locale) {
    this.locale = locale;
    this.#gateway = gateway;
    this.#questions = questions;
  }

  /** One command to one device. A hazard is asked back, and done by `confirm`. */
  async carryOut(principal: Principal, order: Order, origin: Origin): Promise<Answer> {
    const obstacle = tooOld(origin, () => this.#isHarmless(order));
    if (obstacle !== undefined) return answer(obstacle);
    const request = this.#request(order, origin);
    const receipt = await this.#gateway.execute(principal, request).receipt;
    if (receipt.code === "confirmation-required") return this.#ask(principal, order, receipt);
    return this.#word(principal, order, receipt);
  }

  /** `yes CODE`, written to `device` or, where there is none, to the house. */
  async confirm(
    principal: Principal,
    code: string,
    device: string | undefined,
    origin: Origin,
  ): Promise<Answer> {
    const obstacle = tooOld(origin, () => false);
    if (obstacle !== undefined) return answer(obstacle);
    const question = this.#questions.take(principal, code, device);
    if ("text" in question) return question;
    const { request } = question;
    const view = this.#gateway.device(principal, request.device);
    const channel = view?.device.channels.get(request.channel);
    if (view === undefined || channel === undefined) return answer("That device is not here any more.");
    const confirmed: CommandRequest = { ...request, confirm: code, ...idFor(origin, view) };
    const receipt = await this.#gateway.execute(principal, confirmed).receipt;
    return this.#word(principal, { view, channel }, receipt);
  }

  /** The same word to several devices, never a hazard: the receipt of each, in the order given. */
  async carryOutAll(
    principal: Principal,
    orders: readonly Order[],
    origin: Origin,
  ): Promise<readonly Outcome[]> {
    return Promise.all(
      orders.map(async (order): Promise<Outcome> => {
        const obstacle = tooOld(origin, () => this.#isHarmless(order)) ?? this.#danger(order);
        if (obstacle !== undefined) return { order, receipt: undefined, sentence: obstacle };
        const request = this.#request(order, origin);
        const receipt = await this.#gateway.execute(principal, request).receipt;
        return { order, receipt, sentence: this.#word(principal, order, receipt).text };
      }),
    );
  }

  #ask(principal: Principal, { view, channel, value }: Order, receipt: Receipt): Answer {
    const { confirm, expiresAt } = receipt;
    if (confirm === undefined || expiresAt === undefined)
      return answer(sentenceOf(receipt, view, channel, this.locale));
    // The value as the core understood it: by the time of the yes, `toggle` might mean something else.
    const meant = receipt.value ?? value;
    return this.#questions.ask(principal, {
      code: confirm,
      expiresAt,
      deed: deed(view, channel, meant, this.locale),
      request: { device: view.device.id, channel: channel.id, value: meant },
    });
  }

  #word(principal: Principal, { view, channel }: Omit<Order, "value">, receipt: Receipt): Answer {
    const now = this.#gateway.device(principal, view.device.id) ?? view;
    const after: DeviceView = {
      device: view.device,
      availability: now.availability,
      state: (id) => now.state(id),
    };
    const sentence = sentenceOf(receipt, after, channel, this.locale);
    return isMistake(receipt) ? complaint(sentence) : answer(sentence);
  }

  #request({ view, channel, value }: Order, origin: Origin): CommandRequest {
    const { locale } = this;
    return { device: view.device.id, channel: channel.id, value, locale, ...idFor(origin, view) };
  }

  /** Safe, and the same if it is done twice. */
  #isHarmless(order: Order): boolean {
    const isAbsolute = !isRelative(order.value) && order.channel.value.kind !== "button";
    return isAbsolute && this.#riskIn(order) === "safe";
  }

  #danger(order: Order): string | undefined {
    return this.#riskIn(order) === "hazard"
      ? `${order.view.device.label} is left alone: that could do harm, so say it to this one alone.`
      : undefined;
  }

  /** Undefined for a value that the core will refuse. */
  #riskIn({ view, channel, value }: Order): Risk | undefined {
    const current = view.state(channel.id)?.value;
    try {
      return riskOf(view.device, channel, parseCommand(channel.value, value, current, this.locale));
    } catch {
      return undefined;
    }
  }
}

/** What became of one of several commands; no receipt if it was not even tried. */
export interface Outcome {
  readonly order: Order;
  readonly receipt: Receipt | undefined;
  readonly sentence: string;
}

/** One message may command several devices, and each command needs an id of its own. */
function idFor({ id }: Origin, view: DeviceView): { readonly id?: string } {
  return id === undefined ? {} : { id: `${id}/${view.device.id}` };
}

/** A command that waited too long, or for nobody knows how long, is not obeyed. */
function tooOld({ age }: Origin, mayBeOld: () => boolean): string | undefined {
  if (age === "late") return "That came too late and was not done. Say it again if you still want it.";
  if (age === "unknown" && !mayBeOld()) {
    return "The connection was away, so this may be an old message; it was not done. Say it again if you still want it.";
  }
  return undefined;
}
