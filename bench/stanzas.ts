import { deviceId } from "./house.js";

/** Where ready-made stanzas come from and go to. */
export interface Way {
  readonly domain: string;
  readonly receiver: string;
  readonly pubsub: string;
}

/** A stanza in two pieces, between which the stamp goes. */
export type Template = readonly [head: string, tail: string];

/** What the gateway sends for a device, byte for byte as long: the floor is to ask the server for the same. */
export function presenceTemplate({ domain, receiver }: Way, index: number): Template {
  const id = deviceId(index);
  return [
    `<presence from="${id}@${domain}/device" to="${receiver}"><status>`,
    ` · power on · 21.4 °C · 45 %</status><priority>0</priority><c xmlns="http://jabber.org/protocol/caps" hash="sha-1" node="urn:homeroster:gateway" ver="2jmj7l5rSw0yVb/vlWAYkK/YBwk="/><nick xmlns="http://jabber.org/protocol/nick">Device ${index}</nick></presence>`,
  ];
}

/** Servers archive a `chat`, as they do the gateway's answers; a `headline` they only deliver. */
export function messageTemplate(
  { domain, receiver }: Way,
  index: number,
  type: "chat" | "headline",
): Template {
  return [
    `<message from="${deviceId(index)}@${domain}" to="${receiver}" type="${type}"><body>`,
    "</body></message>",
  ];
}

export function publishTemplate({ domain, pubsub }: Way, index: number, id: string): Template {
  const device = deviceId(index);
  const marks = 'm="true" ar="true"';
  return [
    `<iq type="set" from="${domain}" to="${pubsub}" id="${id}"><pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="${domain}/${device}"><item id="current"><resp xmlns="urn:nf:iot:sd:1.0" id="7-4211"><ts v="2026-11-22T08:00:00.123Z"><q n="stamp" v="`,
    `" ${marks}/><b n="power" v="true" ${marks} ctr="true"/><q n="temperature" v="21.4" u="°C" ${marks}/><q n="humidity" v="45" u="%" ${marks}/><q n="battery" v="90" u="%" ${marks}/></ts></resp></item></publish></pubsub></iq>`,
  ];
}
