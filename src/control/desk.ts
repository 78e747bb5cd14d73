import type { Principal, Receipt } from "../core/command.js";
import type { Channel } from "../core/device.js";
import { GatewayError } from "../core/errors.js";
import type { DeviceView, Gateway } from "../core/gateway.js";
import type { Locale } from "../core/locale.js";
import { nearest } from "../core/nearest.js";
import type { CommandValue } from "../core/value.js";
import type { Answers, DeviceList, InviteAnswer, ListedDevice, SendAnswer } from "./answers.js";
import type { ControlRequest, GrantedRole } from "./requests.js";
import { answerAboutTokens, type TokenBook } from "./token-desk.js";

/** Whoever can open the control socket; no JID and no token looks like this. */
export const localOwner: Principal = "the command line";

/** What only a house that runs can answer. */
export type HouseRequest = Exclude<ControlRequest, { readonly do: "status" }>;

type Send = Extract<ControlRequest, { readonly do: "send" }>;

export interface DeskParts {
  readonly gateway: Gateway;
  readonly tokens: TokenBook;
  /** Of those who sit at the command line. */
  readonly locale: Locale;
  /** Rejects where the server is not the house's own. */
  readonly invite: (name: string, role: GrantedRole) => Promise<InviteAnswer>;
  readonly deviceJson: (view: DeviceView) => ListedDevice;
  /** How a device is, in a few words. */
  readonly lineOf: (view: DeviceView) => string;
  /** What became of a command, in a sentence. */
  readonly sentenceOf: (receipt: Receipt, view: DeviceView, channel: Channel) => string;
  /** What a command does, such as `unlock Front door`. */
  readonly deedOf: (view: DeviceView, channel: Channel, value: CommandValue) => string;
}

/** Answers what the owner of the data directory asks over the control socket. */
export class ControlDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Rejects with a `GatewayError` that is for who asked. */
  async answer(request: HouseRequest): Promise<Answers[HouseRequest["do"]]> {
    switch (request.do) {
      case "devices":
        return this.#devices();
      case "send":
        return this.#send(request);
      case "token-create":
      case "token-list":
      case "token-revoke":
        return answerAboutTokens(this.#parts.tokens, request);
      case "invite":
        return this.#parts.invite(request.name, request.role);
    }
  }

  #devices(): DeviceList {
    const { gateway, deviceJson, lineOf } = this.#parts;
    const views = gateway.devices(localOwner);
    return {
      devices: views.map(deviceJson),
      lines: Object.fromEntries(views.map((view) => [view.device.id, lineOf(view)])),
    };
  }

  async #send(request: Send): Promise<SendAnswer> {
    const { gateway, locale, sentenceOf, deedOf } = this.#parts;
    const { do: _, ...command } = request;
    const target = this.#find(request);
    const receipt = await gateway.execute(localOwner, { ...command, locale }).receipt;
    // It may have been removed meanwhile; then the view from before serves.
    const view = gateway.device(localOwner, request.device) ?? target.view;
    if (receipt.code !== "confirmation-required" || receipt.value === undefined) {
      return { receipt, sentence: sentenceOf(receipt, view, target.channel) };
    }
    const deed = deedOf(view, target.channel, receipt.value);
    return { receipt, sentence: receipt.detail ?? "", deed };
  }

  /** Throws "device-unknown" or "channel-unknown" with the nearest that there is. */
  #find({ device, channel }: Send): { readonly view: DeviceView; readonly channel: Channel } {
    const { gateway } = this.#parts;
    const view = gateway.device(localOwner, device);
    if (view === undefined) {
      const names = new Map(
        gateway.devices(localOwner).flatMap(({ device: { id, label } }) => [
          [label.toLowerCase(), id],
          [id, id],
        ]),
      );
      const meant = names.get(device.toLowerCase()) ?? names.get(nearest(device, names.keys()) ?? "");
      throw new GatewayError(
        "device-unknown",
        `There is no device "${device}".${meant === undefined ? " `homeroster devices` lists them." : didYouMean(meant)}`,
      );
    }
    const found = view.device.channels.get(channel);
    if (found !== undefined) return { view, channel: found };
    const ids = [...view.device.channels.keys()];
    const meant = nearest(channel, ids);
    throw new GatewayError(
      "channel-unknown",
      `${view.device.label} has no channel "${channel}"; it has ${ids.join(", ")}.${didYouMean(meant)}`,
    );
  }
}

function didYouMean(id: string | undefined): string {
  return id === undefined ? "" : ` Did you mean ${id}?`;
}
