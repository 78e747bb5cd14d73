import type { Principal } from "../../core/command.js";
import type { DeviceClass } from "../../core/device.js";
import type { DeviceView } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { withUnit } from "../../core/number-print.js";
import { type Answer, answer, complaint } from "./answer.js";
import { count, shortStatus } from "./listing.js";
import { meaningOf } from "./meaning.js";
import type { Order, Orders, Outcome } from "./orders.js";
import type { Origin } from "./origin.js";
import type { Target } from "./targets.js";
import { commandWord, isPercent, questionWord } from "./words.js";

type Several = Extract<Target, { kind: "several" }>;

/** What one word may do to several devices at once: to which class, and how it looks when it is done. */
interface Reach {
  readonly deviceClass: DeviceClass;
  readonly noun: string;
  /** Follows "is" or "are". */
  readonly done: string;
}

const longestTale = 10;
const understood =
  'I understand "on", "off" and "40%" for lights, "open", "close" and "stop" for blinds, and "status"';

/** Tells a room, a group or a class one thing. Only lights and blinds listen. */
export async function tellSeveral(
  orders: Orders,
  principal: Principal,
  target: Several,
  command: string,
  origin: Origin,
): Promise<Answer> {
  const question = command === "" ? "status" : questionWord(command);
  if (question === "help") return answer(`For several devices at once, ${understood}.`);
  if (target.views.length === 0) return complaint(`There are no devices among ${target.label}.`);
  if (question === "status") return answer(shortStatus(target.views, orders.locale));

  const written = commandWord(command);
  // With its unit, so that no lamp takes 40 for a colour temperature.
  const word = written !== undefined && /\d$/.test(written) ? `${written}%` : written;
  const reach = word === undefined ? undefined : reachOf(word, orders.locale);
  if (word === undefined || reach === undefined) {
    return complaint(`For several devices at once (${target.label}), ${understood}.`);
  }
  const chosen = target.views.filter(({ device }) => device.class === reach.deviceClass);
  if (chosen.length === 0) {
    return complaint(
      `"${word}" for several devices reaches ${reach.noun}s only; none belong to ${target.label}.`,
    );
  }
  const readings = chosen.map((view) => orderFor(view, word, orders.locale));
  const ready = readings.filter((reading): reading is Order => typeof reading !== "string");
  const outcomes = await orders.carryOutAll(principal, ready, origin);
  const unable = readings.filter((reading): reading is string => typeof reading === "string");
  return answer(tale(outcomes, unable, reach));
}

function reachOf(word: string, locale: Locale): Reach | undefined {
  const light = { deviceClass: "light", noun: "light" } as const;
  const blind = { deviceClass: "blind", noun: "blind" } as const;
  switch (word) {
    case "on":
    case "off":
      return { ...light, done: word };
    case "open":
      return { ...blind, done: "open" };
    case "close":
      return { ...blind, done: "closed" };
    case "stop":
      return { ...blind, done: "stopped" };
    default:
      return isPercent(word)
        ? { ...light, done: `at ${withUnit(Number.parseFloat(word.replace(",", ".")), "%", locale)}` }
        : undefined;
  }
}

function orderFor(view: DeviceView, word: string, locale: Locale): Order | string {
  const meaning = meaningOf(view, word, locale);
  if (meaning.kind === "command") return { view, channel: meaning.channel, value: meaning.value };
  return meaning.kind === "unclear" ? meaning.sentence : `${view.device.label} does not take "${word}".`;
}

/** How many did it, then by name those that did not. */
function tale(outcomes: readonly Outcome[], unable: readonly string[], { noun, done }: Reach): string {
  const confirmed = outcomes.filter(({ receipt }) => receipt?.receipt === "confirmed");
  const sent = outcomes.filter(({ receipt }) => receipt?.receipt === "sent" && receipt.code === undefined);
  const others = outcomes.filter((outcome) => !confirmed.includes(outcome) && !sent.includes(outcome));
  const lines = [
    ...summary(confirmed, `${count(confirmed.length, noun)} are ${done}.`),
    ...summary(sent, `Sent to ${count(sent.length, noun)} that do not report back.`),
  ];
  const bad = [...new Set([...others.map(({ sentence }) => sentence), ...unable])];
  lines.push(...bad.slice(0, longestTale));
  if (bad.length > longestTale) lines.push(`It did not work for ${bad.length - longestTale} more.`);
  return lines.join("\n");
}

function summary(outcomes: readonly Outcome[], sentence: string): readonly string[] {
  return outcomes.length < 2 ? outcomes.map((outcome) => outcome.sentence) : [sentence];
}
