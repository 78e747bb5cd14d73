import type { Receipt } from "../core/command.js";
import type { Availability, ChannelId, DeviceId } from "../core/device.js";
import type { GatewayEvents } from "../core/events.js";
import type { Gateway } from "../core/gateway.js";
import type { State } from "../core/state.js";
import { availabilityJson, stateJson } from "./device-json.js";
import type { Frame } from "./replay.js";

const smallFrame = 200;

export function stateFrame(device: DeviceId, channel: ChannelId, state: State): Frame {
  return {
    seq: state.seq,
    name: "state",
    about: { device },
    size: smallFrame + (typeof state.value === "string" ? state.value.length : 0),
    data: () => ({ device, channel, state: stateJson(state) }),
  };
}

export function availabilityFrame(device: DeviceId, availability: Availability, seq: number): Frame {
  return {
    seq,
    name: "availability",
    about: availability.detail === "gone" ? { removed: device } : { device },
    size: smallFrame + (availability.text?.length ?? 0),
    data: () => ({ device, availability: availabilityJson(availability) }),
  };
}

/** A device that came or went, told in the word for whether it is there. */
export function changeFrame(device: DeviceId, change: "added" | "removed", seq: number): Frame {
  const since = Date.now();
  const availability: Availability =
    change === "added"
      ? { status: "unknown", detail: "not-seen-yet", since }
      : { status: "offline", detail: "gone", since };
  return availabilityFrame(device, availability, seq);
}

export function eventFrame({ device, channel, event }: GatewayEvents["event"], seq: number): Frame {
  const data = { device: device.id, channel, event };
  return {
    seq,
    name: "event",
    about: { device: device.id },
    size: smallFrame + JSON.stringify(event).length,
    data: () => data,
  };
}

export function receiptFrame({ command, receipt, detail }: Receipt, seq: number): Frame {
  const data = { command, receipt, detail };
  return {
    seq,
    name: "receipt",
    about: { command },
    size: smallFrame + (detail?.length ?? 0),
    data: () => data,
  };
}

/** Asked for each frame and each hearer anew: access may end while a stream is open. */
export function mayHear(gateway: Gateway, principal: string, { about }: Frame): boolean {
  if ("device" in about) return gateway.device(principal, about.device) !== undefined;
  if ("removed" in about) return gateway.may(principal, "view");
  return gateway.receipt(principal, about.command) !== undefined;
}

/** As it goes over the wire: a JSON text has no line breaks, so that one `data` line is enough. */
export function frameText(frame: Frame, epoch: number): string {
  const id = frame.seq === 0 ? "" : `id: ${epoch}-${frame.seq}\n`;
  return `${id}event: ${frame.name}\ndata: ${JSON.stringify(frame.data())}\n\n`;
}
