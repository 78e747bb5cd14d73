import type { Channel, DeviceClass, Risk } from "./device.js";
import type { CommandValue } from "./value.js";

/** How a choice or a text says that something ends or is made safe. */
const wayBack = /^(off|stop|close|closed|lock|locked|arm|armed|armed[_ -].*)$/i;
const disarming = /^disarm(ed)?$/i;

/**
 * How much harm one command can do. `safe` and `caution` in a channel's declaration stand for all its commands; `hazard`
 * stands for what switches on or opens, and the way back from it is `caution`.
 */
export function riskOf(device: { readonly class: DeviceClass }, channel: Channel, value: CommandValue): Risk {
  if (channel.risk === "hazard") return leadsBack(channel, value) ? "caution" : "hazard";
  if (channel.risk !== undefined) return channel.risk;
  switch (channel.value.kind) {
    case "lock":
      return leadsBack(channel, value) ? "caution" : "hazard";
    case "choice":
    case "text":
      if (typeof value === "string" && disarming.test(value.trim())) return "hazard";
      return channel.value.kind === "choice" ? harmlessIn(device.class) : "caution";
    case "switch":
    case "level":
    case "color":
    case "number":
      return harmlessIn(device.class);
    case "cover":
    case "datetime":
    case "button":
    case "contact":
    case "location":
    case "image":
    case "event":
      return "caution";
  }
}

function harmlessIn(deviceClass: DeviceClass): Risk {
  return deviceClass === "light" || deviceClass === "media" ? "safe" : "caution";
}

/** A position above zero counts as opening: from where a cover will come is not known before it moves. */
function leadsBack(channel: Channel, value: CommandValue): boolean {
  switch (channel.value.kind) {
    case "switch":
      return value === false;
    case "level":
    case "number":
      return value === 0;
    case "cover":
      return value === 0 || value === "stop";
    case "lock":
      return value === "lock";
    case "choice":
    case "text":
      return typeof value === "string" && wayBack.test(value.trim());
    case "color":
    case "datetime":
    case "button":
    case "contact":
    case "location":
    case "image":
    case "event":
      return false;
  }
}
