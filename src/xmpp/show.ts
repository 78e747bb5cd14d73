import type { DeviceView } from "../core/gateway.js";
import type { Locale } from "../core/locale.js";
import type { State } from "../core/state.js";
import type { Moments } from "./moments.js";
import { statusLine } from "./status-line.js";

/** What a device looks like in a contact list (RFC 6121 §4.7.2). `show` absent: plainly available. */
export interface Show {
  readonly type?: "unavailable";
  readonly show?: "away" | "xa" | "dnd";
  readonly status: string;
  /** Milliseconds since the epoch; with `xa` only (XEP-0319). */
  readonly idleSince?: number;
}

const lowBattery = 15;

/** available: reachable · away: low battery or degraded · xa: stale or unknown · dnd: alarm · unavailable: offline. */
export function showOf(view: DeviceView, moments: Moments, locale: Locale): Show {
  const status = statusLine(view, moments, locale);
  const { availability } = view;
  if (availability.status === "offline") return { type: "unavailable", status };
  if (isAlarmed(view)) return { show: "dnd", status };
  const face = faceOf(view);
  if (face === "unknown") return { show: "xa", status, idleSince: availability.since };
  if (face !== undefined && face.quality !== "live") return { show: "xa", status, idleSince: face.at };
  if (hasLowBattery(view) || availability.detail === "communication-error") return { show: "away", status };
  return { status };
}

/** The state that stands for the device: of its main channel, else of the first that holds one; none if none does. */
function faceOf(view: DeviceView): State | "unknown" | undefined {
  const { device } = view;
  const holders = [...device.channels.values()].filter(
    ({ readable, value }) => readable && value.kind !== "event",
  );
  const channel = holders.find(({ id }) => id === device.main) ?? holders[0];
  if (channel === undefined) return view.availability.status === "unknown" ? "unknown" : undefined;
  return view.state(channel.id) ?? "unknown";
}

function isAlarmed(view: DeviceView): boolean {
  const { device } = view;
  if (device.class !== "alarm" || device.main === undefined) return false;
  const value = view.state(device.main)?.value;
  return value === true || value === "triggered";
}

function hasLowBattery(view: DeviceView): boolean {
  const level = view.state("battery")?.value;
  return (typeof level === "number" && level < lowBattery) || view.state("battery-low")?.value === true;
}
