import { quoted, refuse } from "../../src/core/value-refusal.js";
import type { Payload } from "../payload/payload.js";
import { wordOf } from "../payload/reader.js";
import type { AvailabilityAddress } from "./addresses.js";

/** Whether a message says that its device is there; `undefined` where it says neither. Throws "value-invalid". */
export type AvailabilityReader = (payload: Payload) => "online" | "offline" | undefined;

export function availabilityReaderOf({ online, offline, extract }: AvailabilityAddress): AvailabilityReader {
  return (payload) => {
    if (payload.bytes.length === 0) return undefined;
    // Zigbee2MQTT says `{"state": "online"}`, and said `online` in earlier versions.
    const isWord = extract === undefined || !/^\s*[{[]/.test(payload.text);
    const raw = isWord ? payload.text : extract(payload.json);
    if (raw === undefined) return undefined;
    const word = wordOf(raw);
    if (word === String(online)) return "online";
    if (word === String(offline)) return "offline";
    return refuse(`${quoted(raw)} is neither "${online}" nor "${offline}".`);
  };
}
