import type { Principal } from "../../core/command.js";
import type { DeviceView } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { nearest } from "../../core/nearest.js";
import { oneLine } from "../one-line.js";
import { addToContacts, type ContactLists, wholeHouse } from "./adding.js";
import { type Addressed, addressed, unknownName } from "./addressing.js";
import { type Answer, answer, complaint } from "./answer.js";
import { tellDevice } from "./device-chat.js";
import { exampleDevice, houseHelp } from "./help.js";
import { deviceStatus, houseStatus, list, shortStatus } from "./listing.js";
import type { Orders } from "./orders.js";
import type { Origin } from "./origin.js";
import { tellSeveral } from "./several.js";
import { type Group, type Target, Targets } from "./targets.js";
import { commandWord, commandWords, enumerate, fold, withoutCourtesy } from "./words.js";

const houseWords = ["help", "list", "status", "add", "yes", "no"];

export interface House {
  readonly name: string;
  readonly locale: Locale;
  readonly groups: readonly Group[];
  readonly jidOf: (id: string) => string;
  readonly contacts: ContactLists;
}

/** A text to the house: a house word, else one for a device or for several. */
export async function tellHouse(
  orders: Orders,
  house: House,
  principal: Principal,
  devices: readonly DeviceView[],
  text: string,
  origin: Origin,
): Promise<Answer> {
  const targets = new Targets(devices, house.groups);
  const { views } = targets;
  const word = await houseWord(house, principal, targets, text);
  if (word !== undefined) return word;
  const found = addressed(text, targets) ?? addressed(withoutCourtesy(text), targets);
  if (found === undefined) return notUnderstood(views, targets, text);
  const [target, ...others] = found.targets;
  if (target === undefined || others.length > 0) return tied(targets, found);
  return target.kind === "device"
    ? tellDevice(orders, principal, target.view, found.command, origin)
    : tellSeveral(orders, principal, target, found.command, origin);
}

async function houseWord(
  house: House,
  principal: Principal,
  targets: Targets,
  text: string,
): Promise<Answer | undefined> {
  const { views } = targets;
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  switch (fold(word) || word) {
    case "help":
    case "?":
      return fold(rest) === "" ? answer(houseHelp(house.name, views, house.groups)) : undefined;
    case "list":
      return fold(rest) === ""
        ? answer(list(views, house.jidOf, house.locale))
        : about(targets, rest, (target) => list(viewsOf(target), house.jidOf, house.locale));
    case "status":
      return fold(rest) === ""
        ? answer(houseStatus(house.name, views, house.locale))
        : about(targets, rest, (target) => statusOf(target, house.locale));
    case "add":
      return add(house, principal, targets, rest);
    default:
      return undefined;
  }
}

async function add(house: House, principal: Principal, targets: Targets, name: string): Promise<Answer> {
  const { views } = targets;
  if (fold(name) === "")
    return complaint(`Which device should that be? Say for example "add ${exampleDevice(views)}".`);
  const whole = targets.find(name).length > 0 ? undefined : wholeHouse(name);
  if (whole !== undefined)
    return answer(await addToContacts(house, principal, whole === "all" ? views : [], true));
  return about(targets, name, (target) =>
    viewsOf(target).length === 0 ? nobody(target) : addToContacts(house, principal, viewsOf(target)),
  );
}

async function about(
  targets: Targets,
  name: string,
  tell: (target: Target) => string | Promise<string>,
): Promise<Answer> {
  const found = targets.find(name);
  const [target, ...others] = found;
  if (target === undefined) return complaint(unknownTarget(targets, name));
  return others.length > 0
    ? tied(targets, { targets: found, name, command: "" })
    : answer(await tell(target));
}

function statusOf(target: Target, locale: Locale): string {
  if (target.kind === "device") return deviceStatus(target.view, locale);
  return target.views.length === 0 ? nobody(target) : shortStatus(target.views, locale);
}

function nobody(target: Target): string {
  return `There are no devices among ${titleOf(target)}.`;
}

function viewsOf(target: Target): readonly DeviceView[] {
  return target.kind === "device" ? [target.view] : target.views;
}

function tied(known: Targets, { targets, name, command }: Addressed): Answer {
  const exact = targets.map((target) => known.exactName(target));
  const choice = targets.map((target, index) => `${titleOf(target)} (${exact[index]})`);
  const example = [exact[0], oneLine(command)].join(" ").trim();
  return complaint(
    `"${oneLine(name)}" could be ${enumerate(choice, "or")}; nothing was done. Say for example "${example}".`,
  );
}

function titleOf(target: Target): string {
  return target.kind === "device" ? target.view.device.label : target.label;
}

function notUnderstood(views: readonly DeviceView[], targets: Targets, text: string): Answer {
  if (commandWord(text) !== undefined) {
    return complaint(
      `Which device should that be? Say for example "${exampleDevice(views)} ${oneLine(text)}".`,
    );
  }
  const name = unknownName(text);
  const guess = guessOf(targets, name) ?? nearest(fold(text), [...houseWords, ...commandWords]);
  if (guess !== undefined) return complaint(`I do not know "${oneLine(name)}". Did you mean "${guess}"?`);
  return complaint(
    `I do not understand "${oneLine(text)}". "help" says what to write, "list" shows the devices.`,
  );
}

function unknownTarget(targets: Targets, name: string): string {
  const guess = guessOf(targets, name);
  const hint = guess === undefined ? '"list" shows what there is.' : `Did you mean "${guess}"?`;
  return `I do not know "${oneLine(name)}". ${hint}`;
}

/** The nearest name of all to the whole of `name`, else to its beginning. */
function guessOf(targets: Targets, name: string): string | undefined {
  const words = fold(name).split(" ").slice(0, 8);
  for (let length = words.length; length > 0; length -= 1) {
    const guess = nearest(words.slice(0, length).join(" "), targets.names.keys());
    if (guess !== undefined) return targets.names.get(guess);
  }
  return undefined;
}
