import type { DeviceView } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { type Moments, relativeTimes } from "../moments.js";
import { channelName } from "../one-line.js";
import { shownFirst, shownValue, statusLine } from "../status-line.js";
import { roomsOf } from "./rooms.js";
import { enumerate } from "./words.js";

const longestList = 100;

/** A device with each of its readable channels. */
export function deviceStatus(view: DeviceView, locale: Locale): string {
  const moments = relativeTimes(Date.now());
  const lines = [`${view.device.label}: ${statusLine(view, moments, locale)}`];
  const channels = shownFirst(view);
  if (channels.length > 1) {
    for (const channel of channels)
      lines.push(`${channelName(channel)}: ${reading(view, channel.id, moments, locale)}`);
  }
  return lines.join("\n");
}

/** One line for each device. */
export function shortStatus(views: readonly DeviceView[], locale: Locale): string {
  const moments = relativeTimes(Date.now());
  const lines = views.map((view) => `${view.device.label}: ${statusLine(view, moments, locale)}`);
  return cut(lines).join("\n");
}

/** The house as a whole: how many devices, which are away, what is on or open. */
export function houseStatus(house: string, views: readonly DeviceView[], locale: Locale): string {
  if (views.length === 0) return `${house}: no devices yet.`;
  const labels = (chosen: readonly DeviceView[]): string =>
    enumerate(chosen.map(({ device }) => device.label));
  const offline = views.filter(({ availability }) => availability.status === "offline");
  const lines = [`${house}: ${count(views.length, "device")}, ${views.length - offline.length} reachable.`];
  for (const [word, chosen] of active(views, locale)) lines.push(`${word}: ${labels(chosen)}.`);
  if (offline.length > 0) lines.push(`Offline: ${labels(offline)}.`);
  return lines.join("\n");
}

/** Devices by room, with their addresses. */
export function list(views: readonly DeviceView[], jidOf: (id: string) => string, locale: Locale): string {
  if (views.length === 0) return "There are no devices yet.";
  const moments = relativeTimes(Date.now());
  const rooms = roomsOf(views);
  const isOne = rooms.length === 1 && rooms[0]?.label === undefined;
  const lines = rooms.flatMap(({ label, views: members }) => [
    ...(isOne ? [] : [`${label ?? "Elsewhere"}:`]),
    ...members.map(
      (view) => `- ${view.device.label} (${jidOf(view.device.id)}): ${statusLine(view, moments, locale)}`,
    ),
  ]);
  const hint = 'To have a device in your contacts, say "add DEVICE", or add its address there.';
  const rest = views.length > longestList ? ["", 'Write "list ROOM" for one room.'] : [];
  return [...cut(lines), ...rest, "", hint].join("\n");
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function reading(view: DeviceView, id: string, moments: Moments, locale: Locale): string {
  const channel = view.device.channels.get(id);
  const state = view.state(id);
  if (channel === undefined || state === undefined) return "nothing reported yet";
  const value = shownValue(channel.value, state.value, locale, 200);
  return state.quality === "live" ? value : `last known ${value}, ${moments.at(state.at)}`;
}

/** The devices whose main channel says that something is on, open or detected, by that word. */
function active(views: readonly DeviceView[], locale: Locale): ReadonlyMap<string, readonly DeviceView[]> {
  const found = new Map<string, DeviceView[]>();
  for (const view of views) {
    const channel = view.device.main === undefined ? undefined : view.device.channels.get(view.device.main);
    const state = channel === undefined ? undefined : view.state(channel.id);
    if (channel === undefined || state?.quality !== "live") continue;
    const isActive = state.value === true || state.value === "unlocked";
    if (!isActive) continue;
    const word = shownValue(channel.value, state.value, locale);
    const title = word.charAt(0).toUpperCase() + word.slice(1);
    found.set(title, [...(found.get(title) ?? []), view]);
  }
  return found;
}

function cut(lines: readonly string[]): readonly string[] {
  if (lines.length <= longestList) return lines;
  return [...lines.slice(0, longestList), `... and ${lines.length - longestList} more`];
}
