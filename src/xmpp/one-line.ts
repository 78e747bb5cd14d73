import type { Channel } from "../core/device.js";

/** Letters and signs with single spaces between: what nearly every text is. */
const plain = /^(?:[!-~\u00a1-\u02ff]+(?: (?=[!-~\u00a1-\u02ff])|$))*$/;

/** Text from outside as part of one of our lines: no control or direction characters, no breaks, at most `limit` characters. */
export function oneLine(text: string, limit = 60): string {
  if (text.length <= limit && plain.test(text)) return text;
  const clean = text
    .slice(0, limit * 4)
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFE\uFFFF]/gu, "")
    .trim();
  const characters = Array.from(clean);
  const isWhole = characters.length <= limit && text.length <= limit * 4;
  return isWhole ? clean : `${characters.slice(0, limit - 1).join("")}…`;
}

/** A channel's label inside a sentence: `Brightness` is brightness there, `CO2` and `Wi-Fi` stay. */
export function channelName(channel: Channel): string {
  return /^\p{Lu}\p{Ll}+(?!\S)/u.test(channel.label)
    ? channel.label.charAt(0).toLowerCase() + channel.label.slice(1)
    : channel.label;
}
