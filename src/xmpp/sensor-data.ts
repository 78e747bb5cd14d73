import type { Channel } from "../core/device.js";
import type { DeviceView } from "../core/gateway.js";
import type { State } from "../core/state.js";
import type { Value } from "../core/value.js";
import { NS } from "./namespaces.js";
import { type Element, el } from "./xml.js";

/** Characters of all texts together: even if each is written as an entity, the item stays below what a stanza may be. */
const textBudget = 16_384;
const errorLimit = 300;
const typeLimit = 256;

/**
 * The whole device as one sensor-data response (`urn:nf:iot:sd:1.0`): what its PubSub item holds. One `<ts/>` for each
 * observation time; stale fields say `w`, unavailable ones `er` with an `<err/>`, unknown ones are left out.
 */
export function sensorData(view: DeviceView, epoch: number): Element {
  const known: { channel: Channel; state: State }[] = [];
  for (const channel of view.device.channels.values()) {
    const state = view.state(channel.id);
    if (state !== undefined) known.push({ channel, state });
  }
  const newest = Math.max(0, ...known.map(({ state }) => state.seq));
  const texts = known.filter(({ channel }) => isText(channel)).length;
  const limit = Math.floor(textBudget / Math.max(1, texts));
  const error = cut(view.availability.text ?? `${view.device.label} is not reachable.`, errorLimit);
  const times = [...new Set(known.map(({ state }) => state.at))].sort((a, b) => a - b);
  const stamps = times.map((at) => {
    const here = known.filter(({ state }) => state.at === at);
    const fields = here.flatMap(({ channel, state }) => fieldsOf(channel, state, limit));
    const isGone = here.some(({ state }) => state.quality === "unavailable");
    return el("ts", { v: timestamp(at) }, ...fields, isGone ? el("err", {}, error) : undefined);
  });
  return el("resp", { xmlns: NS.sensorData, id: `${epoch}-${newest}` }, ...stamps);
}

/** One event, as its PubSub item holds it. */
export function eventData(channel: string, type: string, at: number): Element {
  const field = el("e", { n: channel, t: "event", v: cut(type, typeLimit), m: "true" });
  return el("resp", { xmlns: NS.sensorData }, el("ts", { v: timestamp(at) }, field));
}

/** RFC 3339 in UTC, without empty milliseconds. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

function isText({ value: { kind } }: Channel): boolean {
  return kind === "text" || kind === "color" || kind === "image";
}

function fieldsOf(channel: Channel, state: State, textLimit: number): Element[] {
  const marks = {
    m: "true",
    ar: "true",
    ctr: channel.writable ? "true" : undefined,
    w: state.quality === "stale" ? "true" : undefined,
    er: state.quality === "unavailable" ? "true" : undefined,
  };
  const field = (name: string, attributes: Record<string, string | undefined>, suffix = "") =>
    el(name, { n: channel.id + suffix, ...attributes, ...marks });
  const { value } = state;
  switch (channel.value.kind) {
    case "switch":
    case "contact":
      return [field("b", { v: String(value) })];
    case "level":
    case "cover":
      return [field("q", { v: String(value), u: "%" })];
    case "number":
      return [field("q", { v: String(value), u: channel.value.unit })];
    case "choice":
    case "lock":
      return [field("e", { v: String(value), t: channel.id })];
    case "datetime":
      return [field("dt", { v: String(value) })];
    case "location":
      return typeof value === "object" && "lat" in value
        ? [
            field("q", { v: String(value.lat), u: "°" }, ".lat"),
            field("q", { v: String(value.lon), u: "°" }, ".lon"),
          ]
        : [];
    case "text":
    case "color":
    case "image":
      return [field("s", { v: cut(textOf(value), textLimit) })];
    case "button":
    case "event":
      return [];
  }
}

function textOf(value: Value): string {
  return typeof value === "object" ? ("url" in value && value.url) || JSON.stringify(value) : String(value);
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
