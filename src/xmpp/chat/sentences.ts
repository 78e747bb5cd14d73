import type { Receipt } from "../../core/command.js";
import { describeCommands } from "../../core/command-words.js";
import type { Channel } from "../../core/device.js";
import type { GatewayErrorCode } from "../../core/errors.js";
import type { DeviceView } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { withUnit } from "../../core/number-print.js";
import { confirmWithin } from "../../core/reached.js";
import type { CommandValue } from "../../core/value.js";
import { relativeTimes } from "../moments.js";
import { channelName, oneLine } from "../one-line.js";
import { shownValue } from "../status-line.js";

const longestDetail = 300;

/** What became of a command, in one sentence. `view` is the device as it is afterwards. */
export function sentenceOf(receipt: Receipt, view: DeviceView, channel: Channel, locale: Locale): string {
  const name = nameOf(view, channel);
  switch (receipt.receipt) {
    case "confirmed":
      return confirmed(receipt, view, channel, locale);
    case "sent":
      return receipt.code === "superseded"
        ? `${name}: sent, but a newer command followed at once.`
        : `Sent to ${objectOf(view, channel)}; it does not report back.`;
    case "timed-out":
      return `${name} did not answer in ${patience(channel, locale)}; it may have happened.`;
    case "expired":
      return `${name} could not be reached in time; nothing was sent.`;
    case "failed":
      return `${name}: that failed. ${detailOf(receipt, "The device or its link refused it.")}`;
    case "unknown":
      return `${name}: the gateway stopped while this was under way; it may have happened.`;
    case "refused":
      return refusals[receipt.code ?? "adapter-failed"](receipt, view, channel, locale);
  }
}

/** Whether the person could have written it better: everything else is no fault of theirs. */
export function isMistake(receipt: Receipt): boolean {
  return (
    receipt.code === "value-invalid" ||
    receipt.code === "channel-read-only" ||
    receipt.code === "channel-unknown"
  );
}

type Refusal = (receipt: Receipt, view: DeviceView, channel: Channel, locale: Locale) => string;

const refusals = {
  "config-invalid": (receipt, view, channel) =>
    `${nameOf(view, channel)}: its configuration is wrong. ${detailOf(receipt, "Nothing was sent.")}`,
  "device-unknown": () => "That device is not here any more.",
  "channel-unknown": (_, view, channel) => `${view.device.label} has no ${channelName(channel)}.`,
  "channel-read-only": (_, view, channel) =>
    `${view.device.label}: ${channelName(channel)} can only be read.`,
  "value-invalid": (receipt, view, channel, locale) =>
    `${nameOf(view, channel)}: ${detailOf(receipt, `it takes ${describeCommands(channel.value, { locale })}.`)}`,
  forbidden: (receipt, view) => detailOf(receipt, `You may not do that with ${view.device.label}.`),
  "device-offline": (_, view) => offline(view),
  busy: (receipt, view) => detailOf(receipt, `${view.device.label} is busy; try again shortly.`),
  superseded: (_, view, channel) =>
    `${nameOf(view, channel)}: a newer command took its place; this one was not sent.`,
  "id-conflict": () => "Your message had the id of another one, so nothing was done. Please write it again.",
  "confirmation-required": (_, view) =>
    `${view.device.label} needs a confirmation, and none can be asked here.`,
  "confirmation-invalid": () =>
    "That code is wrong, used or too old; nothing was done. Say it again for a new one.",
  "deadline-passed": (_, view) => `${view.device.label} could not be reached in time; nothing was sent.`,
  "adapter-failed": (receipt, view, channel) =>
    `${nameOf(view, channel)}: that failed. ${detailOf(receipt, "Nothing was sent.")}`,
} satisfies Record<GatewayErrorCode, Refusal>;

/** `Unlock Front door`, as a question or in the middle of a sentence (`unlock Front door`). */
export function deed(view: DeviceView, channel: Channel, value: CommandValue, locale: Locale): string {
  const { kind } = channel.value;
  const isPlain = channel.id === view.device.main && (kind === "lock" || kind === "cover");
  const object = isPlain ? view.device.label : `${view.device.label} (${channelName(channel)})`;
  if (kind === "cover")
    return value === 100 ? `open ${object}` : `set ${object} to ${quotedValue(channel, value, locale)}`;
  if (typeof value === "boolean") return `switch ${value ? "on" : "off"} ${object}`;
  if (kind === "lock" || kind === "button") return `${value} ${object}`;
  return `set ${object} to ${quotedValue(channel, value, locale)}`;
}

/** A channel's state as an answer to someone who asked for it. */
export function readingSentence(view: DeviceView, channel: Channel, locale: Locale): string {
  const name = `${view.device.label}: ${channelName(channel)}`;
  const state = view.state(channel.id);
  if (!channel.readable) {
    return `${name} does not report anything; it takes ${describeCommands(channel.value, { locale })}.`;
  }
  if (state === undefined) return `${name} has not been reported yet.`;
  const value = quotedValue(channel, state.value, locale);
  if (state.quality === "live") return `${name} is ${value}.`;
  return `${name} was last known to be ${value}, ${relativeTimes(Date.now()).at(state.at)}.`;
}

function confirmed(receipt: Receipt, view: DeviceView, channel: Channel, locale: Locale): string {
  const name = nameOf(view, channel);
  const state = view.state(channel.id);
  const value = state?.quality === "live" ? state.value : receipt.value;
  if (receipt.value === "stop") {
    return state === undefined
      ? `${name} has stopped.`
      : `${name} has stopped: ${quotedValue(channel, state.value, locale)}.`;
  }
  if (receipt.value === "press") return `${name} was pressed.`;
  return value === undefined ? `${name}: done.` : `${name} is ${quotedValue(channel, value, locale)}.`;
}

function offline(view: DeviceView): string {
  const { availability, device } = view;
  const reason =
    availability.text === undefined ? "" : ` ${sentence(oneLine(availability.text, longestDetail))}`;
  // The device may have come back since the refusal.
  if (availability.status !== "offline") return `${device.label} was offline; nothing was sent.`;
  const since = relativeTimes(Date.now()).since(availability.since);
  return `${device.label} has been offline ${since}; nothing was sent.${reason}`;
}

/** The device, and the channel where it does not go without saying. */
function nameOf(view: DeviceView, channel: Channel): string {
  const { label } = view.device;
  return standsForDevice(view, channel) ? label : `${label}: ${channelName(channel)}`;
}

function objectOf(view: DeviceView, channel: Channel): string {
  const { label } = view.device;
  return standsForDevice(view, channel) ? label : `${label} (${channelName(channel)})`;
}

/** A channel that was declared a hazard is always named. */
function standsForDevice({ device }: DeviceView, channel: Channel): boolean {
  return channel.id === device.main && channel.risk !== "hazard";
}

function quotedValue(channel: Channel, value: Parameters<typeof shownValue>[1], locale: Locale): string {
  const text = shownValue(channel.value, value, locale, longestDetail);
  return channel.value.kind === "text" ? `"${text}"` : text;
}

/** How long the device has to confirm. */
function patience(channel: Channel, locale: Locale): string {
  return withUnit(Math.round(confirmWithin(channel) / 100) / 10, "s", locale);
}

function detailOf(receipt: Receipt, otherwise: string): string {
  const detail = receipt.detail === undefined ? "" : oneLine(receipt.detail, longestDetail);
  return sentence(detail === "" ? otherwise : detail);
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
