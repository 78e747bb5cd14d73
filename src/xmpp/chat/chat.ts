import type { Principal } from "../../core/command.js";
import type { DeviceId } from "../../core/device.js";
import type { Gateway } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { oneLine } from "../one-line.js";
import type { ContactLists } from "./adding.js";
import { type Answer, complaint } from "./answer.js";
import { tellDevice } from "./device-chat.js";
import { tellHouse } from "./house-chat.js";
import { Orders } from "./orders.js";
import type { Origin } from "./origin.js";
import { Patience } from "./patience.js";
import { Questions } from "./questions.js";
import type { Group } from "./targets.js";
import { fold } from "./words.js";

/** Text in, text out. No answer: it is better to be silent. */
export interface Chat {
  toDevice(
    principal: Principal,
    device: DeviceId,
    text: string,
    origin?: Origin,
  ): Promise<string | undefined>;
  toHouse(principal: Principal, text: string, origin?: Origin): Promise<string | undefined>;
}

export function createChat(parts: {
  readonly gateway: Gateway;
  readonly home: { readonly name: string; readonly locale: Locale };
  readonly groups: () => readonly Group[];
  readonly jidOf: (id: DeviceId) => string;
  readonly contacts: ContactLists;
}): Chat {
  const { gateway, home, jidOf, contacts } = parts;
  const questions = new Questions();
  const orders = new Orders(gateway, questions, home.locale);
  const patience = new Patience();

  const converse = async (
    principal: Principal,
    text: string,
    reply: (text: string) => Promise<Answer>,
  ): Promise<string | undefined> => {
    const heardAt = performance.now();
    if (patience.isEcho(principal, text)) return undefined;
    return patience.weigh(principal, await reply(text.normalize("NFC").trim()), heardAt);
  };

  /** `yes CODE` and `no`, which mean the same everywhere. */
  const decide = async (
    principal: Principal,
    text: string,
    device: DeviceId | undefined,
    origin: Origin,
  ): Promise<Answer | undefined> => {
    const word = fold(text);
    if (word === "no") return questions.cancel(principal);
    if (word === "yes") return questions.needsCode(principal);
    const [, code] = /^yes,? (\S+)$/.exec(word) ?? [];
    return code === undefined ? undefined : orders.confirm(principal, code, device, origin);
  };

  return {
    toDevice: (principal, id, text, origin = {}) =>
      converse(principal, text, async (said) => {
        const view = gateway.device(principal, id);
        if (view === undefined) {
          return complaint(`There is no device "${oneLine(id)}" here. Ask the house for its "list".`);
        }
        return (
          (await decide(principal, said, id, origin)) ?? tellDevice(orders, principal, view, said, origin)
        );
      }),
    toHouse: (principal, text, origin = {}) =>
      converse(principal, text, async (said) => {
        const decision = await decide(principal, said, undefined, origin);
        if (decision !== undefined) return decision;
        const house = { ...home, groups: parts.groups(), jidOf, contacts };
        return tellHouse(orders, house, principal, gateway.devices(principal), said, origin);
      }),
  };
}
