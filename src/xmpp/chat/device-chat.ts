import type { Principal } from "../../core/command.js";
import type { DeviceView } from "../../core/gateway.js";
import { type Answer, answer, complaint } from "./answer.js";
import { deviceHelp } from "./help.js";
import { deviceStatus } from "./listing.js";
import { meaningOf } from "./meaning.js";
import type { Orders } from "./orders.js";
import type { Origin } from "./origin.js";
import { readingSentence } from "./sentences.js";

/** A text to one device, and what it answers. An empty text asks how it is. */
export async function tellDevice(
  orders: Orders,
  principal: Principal,
  view: DeviceView,
  text: string,
  origin: Origin,
): Promise<Answer> {
  const meaning = text === "" ? ({ kind: "status" } as const) : meaningOf(view, text, orders.locale);
  switch (meaning.kind) {
    case "help":
      return answer(deviceHelp(view, orders.locale));
    case "status":
      return answer(deviceStatus(view, orders.locale));
    case "reading":
      return answer(readingSentence(view, meaning.channel, orders.locale));
    case "unclear":
      return complaint(meaning.sentence);
    case "command":
      return orders.carryOut(principal, { view, channel: meaning.channel, value: meaning.value }, origin);
  }
}
