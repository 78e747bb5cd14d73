import { describeCommands } from "../../core/command-words.js";
import type { Channel } from "../../core/device.js";
import type { DeviceView } from "../../core/gateway.js";
import { channelName } from "../one-line.js";
import { roomsOf } from "./rooms.js";
import type { Group } from "./targets.js";

const longestHelp = 20;

/** What one device takes, with its own channels. */
export function deviceHelp({ device }: DeviceView): string {
  const channels = [...device.channels.values()];
  const main = channels.find(({ id, writable }) => id === device.main && writable);
  const others = channels.filter((channel) => channel.writable && channel !== main);
  const readOnly = channels.filter(({ writable }) => !writable);
  const lines = [`${device.label} understands:`];
  if (main !== undefined) lines.push(`- ${describeCommands(main.value)}`);
  lines.push(...others.map(commandLine));
  if (readOnly.length > 0) lines.push(`- ${readOnly.map(channelName).join(", ")}: what it says now`);
  if (lines.length > longestHelp) lines.splice(longestHelp, lines.length, "- and more: see status");
  lines.push("- status: all that it says now");
  const example = [main, ...others].find(
    (channel) => channel !== undefined && channel.value.kind !== "button",
  );
  if (example !== undefined)
    lines.push(`The long form is "set CHANNEL VALUE", such as "set ${setExample(example)}".`);
  return lines.join("\n");
}

function commandLine(channel: Channel): string {
  const name = channelName(channel);
  if (channel.value.kind === "button") return `- ${name}: presses it`;
  return `- ${name} and then ${describeCommands(channel.value)}`;
}

/** What the house takes, with names from this very house. */
export function houseHelp(house: string, views: readonly DeviceView[], groups: readonly Group[]): string {
  const device = exampleDevice(views);
  const lit = views.filter((view) => view.device.class === "light" && view.device.room !== undefined);
  const room = roomsOf(lit.length > 0 ? lit : views)[0]?.label ?? "kitchen";
  const blinds = views.filter((view) => view.device.class === "blind" && view.device.room !== undefined);
  const shaded = roomsOf(blinds)[0]?.label ?? room;
  const lines = [
    `${house} understands:`,
    `- list, or list ${room}: the devices and their addresses`,
    `- status, or status ${device}: what is going on`,
    `- a device and a command: "${device} on", "on ${device}" or "${device}: on"`,
    `- a room and a command: "${room} off" for its lights, "${shaded} close" for its blinds`,
    '- all of a kind: "lights off", "all lights 40%", "blinds close"',
    "- yes CODE and no: the answer to a question of mine",
    `What a device takes: "${device} help".`,
  ];
  if (groups.length > 0)
    lines.splice(5, 0, `- a group: ${groups.map(({ label }) => `"${label} off"`).join(", ")}`);
  return lines.join("\n");
}

/** A device that can be told "on", for examples. */
export function exampleDevice(views: readonly DeviceView[]): string {
  const switched = views.filter(isSwitched);
  const best = switched.find(({ device }) => device.class === "light") ?? switched[0];
  return best?.device.label ?? "kitchen lamp";
}

function isSwitched({ device }: DeviceView): boolean {
  const main = device.main === undefined ? undefined : device.channels.get(device.main);
  return main?.writable === true && (main.value.kind === "switch" || main.value.kind === "level");
}

function setExample(channel: Channel): string {
  return `${channelName(channel)} ${exampleValue(channel)}`;
}

function exampleValue({ value }: Channel): string {
  switch (value.kind) {
    case "level":
      return "40";
    case "cover":
      return "50";
    case "number":
      return String(value.min ?? value.max ?? 20);
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
      return "2026-11-22T08:00:00Z";
    case "switch":
      return "on";
    case "contact":
    case "location":
    case "image":
    case "event":
      return "";
  }
}
