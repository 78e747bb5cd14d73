import type { Channel, Device } from "../core/device.js";
import type { DeviceView } from "../core/gateway.js";
import type { Locale } from "../core/locale.js";
import type { State } from "../core/state.js";
import type { ValueSpec } from "../core/value.js";
import { printValue } from "../core/value-print.js";
import type { Moments } from "./moments.js";
import { channelName, oneLine } from "./one-line.js";

const shownChannels = 4;

interface Reading {
  readonly channel: Channel;
  readonly state: State;
}

/** A device in one short line, main channel first: `on · 40 %`, `last known on, 3 h ago`, `offline since ...`. */
export function statusLine(view: DeviceView, moments: Moments, locale: Locale): string {
  const { status, since, text } = view.availability;
  const reason = text === undefined || text === "" ? undefined : oneLine(text, 120);
  if (status === "offline") {
    return [`offline ${moments.since(since)}`, reason].filter((part) => part !== undefined).join(". ");
  }
  const readings = readingsOf(view);
  const [first] = readings;
  if (first === undefined) {
    if (reason !== undefined) return reason;
    if (status === "unknown") return "not heard from yet";
    return shownFirst(view).length === 0 ? "online" : "nothing reported yet";
  }
  const live = readings.filter(({ state }) => state.quality === "live");
  if (first.state.quality === "live") return printed(view, live, locale).join(" · ");
  const old = readings.filter(({ state }) => state.quality !== "live");
  const oldest = Math.min(...old.map(({ state }) => state.at));
  const lastKnown = `last known ${printed(view, old, locale).join(" · ")}, ${moments.at(oldest)}`;
  return [lastKnown, ...printed(view, live, locale)].join(" · ");
}

/** By the channels of a device, which devices of one kind have in common. */
const shownOf = new WeakMap<
  Device["channels"],
  { readonly main: string | undefined; readonly shown: readonly Channel[] }
>();

/** The channels that a line can show, main channel first. */
export function shownFirst({ device }: DeviceView): readonly Channel[] {
  const known = shownOf.get(device.channels);
  if (known !== undefined && known.main === device.main) return known.shown;
  const shown = mainFirst(device);
  shownOf.set(device.channels, { main: device.main, shown });
  return shown;
}

function mainFirst(device: Device): readonly Channel[] {
  const shown = [...device.channels.values()].filter(
    ({ readable, value }) =>
      readable && value.kind !== "button" && value.kind !== "event" && value.kind !== "image",
  );
  return [
    ...shown.filter((channel) => channel.id === device.main),
    ...shown.filter((channel) => channel.id !== device.main),
  ];
}

/** A state's value for people, short and on one line. */
export function shownValue(spec: ValueSpec, value: State["value"], locale: Locale, limit = 60): string {
  return oneLine(printValue(spec, value, locale), limit);
}

function readingsOf(view: DeviceView): readonly Reading[] {
  const readings: Reading[] = [];
  for (const channel of shownFirst(view)) {
    const state = view.state(channel.id);
    if (state !== undefined && state.value !== "") readings.push({ channel, state });
    if (readings.length === shownChannels) break;
  }
  return readings;
}

/** A value stands alone if it is the main one or its unit says what it is; else its channel is named. */
function printed(view: DeviceView, readings: readonly Reading[], locale: Locale): string[] {
  const units = new Set<string>();
  return readings.map(({ channel, state }) => {
    const value = shownValue(channel.value, state.value, locale);
    const unit = unitOf(channel.value);
    const isPlain = channel.id === view.device.main || (unit !== undefined && !units.has(unit));
    if (unit !== undefined) units.add(unit);
    return isPlain ? value : `${channelName(channel)} ${value}`;
  });
}

function unitOf(spec: ValueSpec): string | undefined {
  if (spec.kind === "level" || spec.kind === "cover") return "%";
  return spec.kind === "number" && spec.unit !== "" ? spec.unit : undefined;
}
