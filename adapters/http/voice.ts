import type { CommandValue, ValueSpec } from "../../src/core/value.js";
import { quoted, refuse } from "../../src/core/value-refusal.js";
import { alike } from "../payload/alike.js";
import type { Conversion } from "../payload/conversion.js";
import { isPosition, type Writer, writerOf } from "../payload/writer.js";
import type { ChannelAddress, CommandWay } from "./addresses.js";
import { escapeFor, inUrl } from "./body-form.js";
import { type DeviceWords, draftOf, type RequestDraft } from "./request-words.js";
import { hasDotSegment } from "./url.js";

/** The request that tells a channel a value. Throws "value-invalid" for a value that no request can carry. */
export type Voice = (value: CommandValue) => RequestDraft;

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

function wayOf(spec: ValueSpec, conversion: Conversion, way: CommandWay, device: DeviceWords): Voice {
  const { body, ...request } = draftOf(way, device);
  const writeUrl = sharedWriter(spec, conversion, way.url, inUrl);
  const writeBody: Writer | undefined =
    body === undefined
      ? undefined
      : sharedWriter(spec, conversion, body, escapeFor(body, request.headers["content-type"]));
  return (value) => {
    const url = writeUrl(value);
    if (hasDotSegment(url)) refuse(`${quoted(value)} cannot stand in the path of a URL.`);
    return { ...request, url, body: writeBody?.(value) };
  };
}
