import { describeCommands } from "../../core/command-words.js";
import type { Channel } from "../../core/device.js";
import type { DeviceView } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { nearest } from "../../core/nearest.js";
import { channelName, oneLine } from "../one-line.js";
import { unknownName } from "./addressing.js";
import { commandWord, commandWords, enumerate, fold, tokensOf } from "./words.js";

const longestGuess = 4;

/** Someone named a channel to set it, and no value. */
export function valueMissing({ device }: DeviceView, channel: Channel, locale: Locale): string {
  const name = channelName(channel);
  return channel.writable
    ? `Set ${name} to what? It takes ${describeCommands(channel.value, { locale })}.`
    : `${device.label}: ${name} can only be read.`;
}

/** Nothing in the text is a word or a channel of the device: what could have been meant, or what there is. */
export function notUnderstood(view: DeviceView, text: string, locale: Locale): string {
  const { device } = view;
  if (commandWord(text) !== undefined) return cannot(view, text, locale);

  const channels = [...device.channels.values()];
  const tokens = tokensOf(text).slice(0, longestGuess);
  const names = new Map(
    channels.flatMap((channel) => [channel.id, channel.label].map((name) => [fold(name), channel])),
  );
  const known = [...names.keys(), ...(tokens.length === 1 ? wordsFor(channels) : [])];
  for (const { end } of tokens.reverse()) {
    const written = text.slice(0, end);
    const guess = nearest(fold(written), known);
    if (guess === undefined) continue;
    const channel = names.get(guess);
    return channel === undefined
      ? `I do not know "${oneLine(written)}". Did you mean "${guess}"?`
      : `${device.label} has no "${oneLine(written)}". Did you mean "${channelName(channel)}"? It has ${has(channels)}.`;
  }
  const name = unknownName(text);
  return name === text
    ? `I do not understand "${oneLine(text)}". ${device.label} has ${has(channels)}; "help" says what to write.`
    : `${device.label} has no "${oneLine(name)}". It has ${has(channels)}; "help" says what to write.`;
}

function wordsFor(channels: readonly Channel[]): readonly string[] {
  const options = channels.flatMap(({ value, writable }) =>
    writable && value.kind === "choice" ? value.options : [],
  );
  return [...commandWords, "status", "help", ...options];
}

function cannot({ device }: DeviceView, word: string, locale: Locale): string {
  const main = device.main === undefined ? undefined : device.channels.get(device.main);
  if (main?.writable) {
    return `${device.label} does not take "${oneLine(word)}": ${channelName(main)} takes ${describeCommands(main.value, { locale })}.`;
  }
  const writable = [...device.channels.values()].filter((channel) => channel.writable);
  if (writable.length === 0) return `${device.label} can only be read; it does not take "${oneLine(word)}".`;
  return `${device.label} does not take "${oneLine(word)}". It takes commands for ${has(writable)}.`;
}

function has(channels: readonly Channel[]): string {
  return channels.length === 0 ? "no channels" : enumerate(channels.map(channelName));
}
