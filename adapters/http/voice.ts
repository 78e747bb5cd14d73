import type { CommandValue, ValueSpec } from "../../src/core/value.js";
import { quoted, refuse } from "../../src/core/value-refusal.js";
import { alike } from "../payload/alike.js";
import type { Conversion } from "../payload/conversion.js";
import { isPosition, writerOf } from "../payload/writer.js";
import type { ChannelAddress } from "./addresses.js";
import { escapeFor, inUrl } from "./body-form.js";
import type { CommandWords } from "./command-words.js";
import { type DeviceWords, draftOf, type RequestDraft } from "./request-words.js";
import { hasDotSegment } from "./url.js";

/** What tells a channel a value: a request, or a text over its device's WebSocket. */
export type Saying = { readonly request: RequestDraft } | { readonly send: string };

/** Throws "value-invalid" for a value that cannot be told. */
export type Voice = (value: CommandValue) => Saying;

export function voiceOf(
  spec: ValueSpec,
  { command, position, conversion }: ChannelAddress,
  device: DeviceWords,
): Voice | undefined {
  if (command === undefined) return undefined;
  const ofWords = wayOf(spec, conversion, command, device);
  if (position === undefined) return ofWords;
  const ofPositions = wayOf(spec, conversion, position, device);
  return (value) => (isPosition(conversion, value) ? ofPositions(value) : ofWords(value));
}

const sharedWriter = alike(writerOf);

function wayOf(spec: ValueSpec, conversion: Conversion, words: CommandWords, device: DeviceWords): Voice {
  const { url: place = "", send } = words;
  if (send !== undefined) {
    const write = sharedWriter(spec, conversion, send, escapeFor(send, undefined));
    return (value) => ({ send: write(value) });
  }
  const draft = draftOf({ ...words, url: place }, device);
  const writeUrl = sharedWriter(spec, conversion, place, inUrl);
  const { body, headers } = draft;
  const escaped = body === undefined ? undefined : escapeFor(body, headers["content-type"]);
  const writeBody = body === undefined ? undefined : sharedWriter(spec, conversion, body, escaped);
  return (value) => {
    const url = writeUrl(value);
    if (hasDotSegment(url)) refuse(`${quoted(value)} cannot stand in the path of a URL.`);
    return { request: { ...draft, url, body: writeBody?.(value) } };
  };
}
