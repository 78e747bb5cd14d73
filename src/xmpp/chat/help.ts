import { describeCommands, exampleTime } from "../../core/command-words.js";
import type { Channel } from "../../core/device.js";
import type { DeviceView } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { shownSpec, withUnit } from "../../core/number-print.js";
import { channelName } from "../one-line.js";
import { roomsOf } from "./rooms.js";
import type { Group } from "./targets.js";

const longestHelp = 20;

/** What one device takes, with its own channels. */
export function deviceHelp({ device }: DeviceView, locale: Locale): string {
  const channels = [...device.channels.values()];
  const main = channels.find(({ id, writable }) => id === device.main && writable);
  const others = channels.filter((channel) => channel.writable && channel !== main);
  const readOnly = channels.filter(({ writable }) => !writable);
  const lines = [`${device.label} understands:`];
  if (main !== undefined) lines.push(`- ${describeCommands(main.value, { isKnown: main.readable, locale })}`);
  lines.push(...others.map((channel) => commandLine(channel, locale)));
  if (readOnly.length > 0) lines.push(`- ${readOnly.map(channelName).join(", ")}: what it says now`);
  if (lines.length > longestHelp) lines.splice(longestHelp, lines.length, "- and more: see status");
  lines.push("- status: all that it says now");
  const example = [main, ...others].find(
    (channel) => channel !== undefined && channel.value.kind !== "button",
  );
  if (example !== undefined)
    lines.push(`The long form is "set CHANNEL VALUE", such as "set ${setExample(example, locale)}".`);
  return lines.join("\n");
}

function commandLine(channel: Channel, locale: Locale): string {
  const name = channelName(channel);
  if (channel.value.kind === "button") return `- ${name}: presses it`;
  return `- ${name} and then ${describeCommands(channel.value, { isKnown: channel.readable, locale })}`;
}

/** What the house takes, with names from this very house, and nothing that nobody in it would obey. */
export function houseHelp(house: string, views: readonly DeviceView[], groups: readonly Group[]): string {
  const room = roomsOf(views)[0]?.label;
  const any = views[0]?.device.label;
  const switched = switchedDevice(views);
  const lights = views.filter((view) => view.device.class === "light");
  const blinds = views.filter((view) => view.device.class === "blind");
  const rooms = [
    ...roomExample(lights, (name) => `"${name} off" for its lights`),
    ...roomExample(blinds, (name) => `"${name} close" for its blinds`),
  ];
  const kinds = [
    ...(lights.length > 0 ? ['"lights off"', '"all lights 40%"'] : []),
    ...(blinds.length > 0 ? ['"blinds close"'] : []),
  ];
  const lines = [
    `${house} understands:`,
    `- list${room === undefined ? "" : `, or list ${room}`}: the devices and their addresses`,
    `- status${any === undefined ? "" : `, or status ${switched ?? any}`}: what is going on`,
    switched && `- a device and a command: "${switched} on", "on ${switched}" or "${switched}: on"`,
    rooms.length > 0 && `- a room and a command: ${rooms.join(", ")}`,
    groups.length > 0 && `- a group: ${groups.map(({ label }) => `"${label} off"`).join(", ")}`,
    kinds.length > 0 && `- all of a kind: ${kinds.join(", ")}`,
    any !== undefined && `- add ${switched ?? any}: puts it into your contacts`,
    "- yes CODE and no: the answer to a question of mine",
    any !== undefined && `What a device takes: "${switched ?? any} help".`,
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}

function roomExample(views: readonly DeviceView[], example: (room: string) => string): string[] {
  const room = roomsOf(views)[0]?.label;
  return room === undefined ? [] : [example(room)];
}

/** A device that can be told "on", for examples. */
export function exampleDevice(views: readonly DeviceView[]): string {
  return switchedDevice(views) ?? views[0]?.device.label ?? "kitchen lamp";
}

function switchedDevice(views: readonly DeviceView[]): string | undefined {
  const switched = views.filter(isSwitched);
  const best = switched.find(({ device }) => device.class === "light") ?? switched[0];
  return best?.device.label;
}

function isSwitched({ device }: DeviceView): boolean {
  const main = device.main === undefined ? undefined : device.channels.get(device.main);
  return main?.writable === true && (main.value.kind === "switch" || main.value.kind === "level");
}

function setExample(channel: Channel, locale: Locale): string {
  return `${channelName(channel)} ${exampleValue(channel, locale)}`;
}

function exampleValue({ value }: Channel, locale: Locale): string {
  switch (value.kind) {
    case "level":
      return "40";
    case "cover":
      return "50";
    case "number": {
      const { min, max } = shownSpec(value, locale);
      const number = min ?? max ?? 20;
      // With a sign alone it would be a step.
      return `${number < 0 ? "=" : ""}${withUnit(number, undefined, locale)}`;
    }
    case "color":
      return "orange";
    case "choice":
      return value.options[0] ?? "off";
    case "lock":
      return "lock";
    case "button":
      return "press";
    case "text":
      return "hello";
    case "datetime":
      return exampleTime(locale);
    case "switch":
      return "on";
    case "contact":
    case "location":
    case "image":
    case "event":
      return "";
  }
}
