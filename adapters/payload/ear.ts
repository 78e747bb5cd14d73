import type { ChannelId } from "../../src/core/device.js";
import type { ValueSpec } from "../../src/core/value.js";
import { alike } from "./alike.js";
import type { Conversion } from "./conversion.js";
import { type EventReader, eventReaderOf } from "./event-reader.js";
import { largestFor } from "./message-size.js";
import { type Reader, readerOf } from "./reader.js";

/** How one channel reads a message. */
export interface Ear {
  readonly channel: ChannelId;
  /** Bytes. */
  readonly largest: number;
  readonly hears: { readonly state: Reader } | { readonly event: EventReader };
}

export function earOf(channel: ChannelId, spec: ValueSpec, conversion: Conversion): Ear {
  const hears = spec.kind === "event" ? { event: eventReaderOf(conversion) } : stateHearing(spec, conversion);
  return { channel, largest: largestFor(spec.kind), hears };
}

const stateHearing = alike((spec: ValueSpec, conversion: Conversion) => ({
  state: readerOf(spec, conversion),
}));
