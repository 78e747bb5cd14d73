import type { DeviceEvent } from "../../src/core/device.js";
import { refuse } from "../../src/core/value-refusal.js";
import type { Conversion } from "./conversion.js";
import { finderOf } from "./finding.js";
import type { Payload } from "./payload.js";
import { mapped } from "./reader.js";

/**
 * What happened, by a payload of an `event` channel: a word, or an object with a member `type` or `event_type`;
 * `undefined` where nothing did. Throws "value-invalid".
 */
export type EventReader = (payload: Payload) => DeviceEvent | undefined;

export function eventReaderOf(conversion: Conversion): EventReader {
  const find = finderOf(conversion) ?? wordOrJson;
  return (payload) => {
    const raw = find(payload);
    if (raw === undefined || raw === null || raw === "") return undefined;
    if (typeof raw !== "object") return { type: String(mapped(conversion, raw) ?? raw).trim() };
    if (Array.isArray(raw)) return refuse("A list is no event; a word, or an object with a type, would be.");
    const { type, event_type: eventType, ...members } = raw;
    const name = type ?? eventType;
    if (typeof name !== "string" && typeof name !== "number") {
      return refuse('The event has no type; a member "type" or "event_type" would name it.');
    }
    return { ...members, type: String(mapped(conversion, name) ?? name) };
  };
}

function wordOrJson(payload: Payload) {
  return /^\s*[{[]/.test(payload.text) ? payload.json : payload.text;
}
