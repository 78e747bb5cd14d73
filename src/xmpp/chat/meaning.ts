import { readAmount } from "../../core/amount.js";
import type { Channel } from "../../core/device.js";
import type { DeviceView } from "../../core/gateway.js";
import type { Locale } from "../../core/locale.js";
import { parseCommand } from "../../core/value-parse.js";
import { channelName } from "../one-line.js";
import { notUnderstood, valueMissing } from "./misunderstanding.js";
import { commandWord, enumerate, fold, questionWord, tokensOf, withoutCourtesy } from "./words.js";

/** What a text to one device means. */
export type Meaning =
  | { readonly kind: "help" }
  | { readonly kind: "status" }
  | { readonly kind: "reading"; readonly channel: Channel }
  | { readonly kind: "command"; readonly channel: Channel; readonly value: string }
  /** `sentence` asks back, or says what would be right. */
  | { readonly kind: "unclear"; readonly sentence: string };

type Named = Exclude<Meaning, { readonly kind: "help" | "status" }>;

const longestName = 16;

/** Reads a text to one device: a word for its main channel, a channel, a channel and a value. */
export function meaningOf(view: DeviceView, text: string, locale: Locale): Meaning {
  const meaning = read(view, text, locale);
  if (meaning.kind !== "unclear") return meaning;
  const plain = withoutCourtesy(text);
  const second = plain === text.trim() ? meaning : read(view, plain, locale);
  return second.kind === "unclear" ? meaning : second;
}

function read(view: DeviceView, text: string, locale: Locale): Meaning {
  const question = questionWord(text);
  if (question !== undefined) return { kind: question };

  const word = commandWord(text);
  const direct = word === undefined ? undefined : withoutChannel(view, word, locale);
  if (direct !== undefined) return direct;

  const isSet = /^set(?:\s|$)/i.test(text.trim());
  const said = text.trim().replace(/^set\s+/i, "");
  const named = channelAt(view, said, !isSet) ?? askedFor(view, said);
  if (named !== undefined)
    return isSet && named.kind === "reading" ? unclear(valueMissing(view, named.channel, locale)) : named;
  return withoutChannel(view, said, locale) ?? unclear(notUnderstood(view, said, locale));
}

function unclear(sentence: string): Named {
  return { kind: "unclear", sentence };
}

/** A value alone: for the main channel, else for the only one that takes it. */
function withoutChannel(view: DeviceView, value: string, locale: Locale): Meaning | undefined {
  const channels = [...view.device.channels.values()];
  const willing = channels.filter((channel) => takes(view, channel, value, locale));
  // A number that is out of every range is refused by the core, which says what the range is.
  const able = willing.length > 0 || readAmount(value) === undefined ? willing : channels.filter(isNumeric);
  const channel = able.find(({ id }) => id === view.device.main) ?? able[0];
  if (channel === undefined) return undefined;
  if (able.length > 1 && channel.id !== view.device.main) {
    const names = enumerate(able.map(channelName), "or");
    return unclear(`Which one: ${names}? Say for example "${channelName(channel)} ${value}".`);
  }
  return { kind: "command", channel, value };
}

function takes(view: DeviceView, channel: Channel, value: string, locale: Locale): boolean {
  // Any text is a text: such a channel must be named.
  if (!channel.writable || channel.value.kind === "text") return false;
  if (value === "toggle") return channel.value.kind === "switch";
  try {
    parseCommand(channel.value, value, view.state(channel.id)?.value ?? 0, locale);
    return true;
  } catch {
    return false;
  }
}

function isNumeric({ writable, value }: Channel): boolean {
  return writable && (value.kind === "level" || value.kind === "cover" || value.kind === "number");
}

/** `status CHANNEL`, which only asks. */
function askedFor(view: DeviceView, text: string): Meaning | undefined {
  const channel = /^status\s/i.test(text) ? channelAt(view, text.replace(/^status\s+/i, "")) : undefined;
  return channel?.kind === "command" ? undefined : channel;
}

/** The longest beginning that names a channel, by id or label; what follows is the value. */
function channelAt(view: DeviceView, text: string, mayPress = false): Named | undefined {
  for (const { end } of tokensOf(text).slice(0, longestName).reverse()) {
    const name = fold(text.slice(0, end));
    const found = [...view.device.channels.values()].filter(
      (channel) => fold(channel.id) === name || fold(channel.label) === name,
    );
    const channel = found.find(({ id }) => fold(id) === name) ?? found[0];
    if (channel === undefined) continue;
    if (found.length > 1 && fold(channel.id) !== name) {
      const ids = found.map(({ id }) => id);
      return unclear(`Which one: ${enumerate(ids, "or")}?`);
    }
    const rest = text.slice(end).trim();
    // A button has nothing to tell: who names it and does not ask, wants it pressed.
    const isPress = mayPress && rest === "" && !/[?:]/.test(text);
    if (isPress && channel.value.kind === "button" && channel.writable) {
      return { kind: "command", channel, value: "press" };
    }
    if (rest === "" || /^[?.!]+$/.test(rest) || fold(rest) === "status") return { kind: "reading", channel };
    const value = channel.value.kind === "text" ? rest : (commandWord(rest) ?? rest);
    return { kind: "command", channel, value };
  }
  return undefined;
}
