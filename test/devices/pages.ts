import { parse, stringify } from "yaml";
import type { Channel, Device } from "../../src/core/device.js";
import { riskOf } from "../../src/core/risk.js";
import type { ValueSpec } from "../../src/core/value.js";
import { type Model, places } from "./model.js";

const vendorNames: Readonly<Record<string, string>> = {
  arduino: "Arduino",
  dsmr: "Smart meters (DSMR)",
  eastron: "Eastron",
  esphome: "ESPHome",
  fronius: "Fronius",
  hue: "Philips Hue",
  "open-meteo": "Open-Meteo",
  nmea: "GPS receivers (NMEA 0183)",
  nova: "Nova Fitness",
  openmqttgateway: "OpenMQTTGateway",
  peacefair: "Peacefair",
  rflink: "RFLink",
  shelly: "Shelly",
  sunspec: "SunSpec",
  tasmota: "Tasmota",
  webhook: "Webhooks",
  zigbee2mqtt: "Zigbee2MQTT",
};

const generated = "<!-- Written by `npm run generate` from the files in devices/. -->";

/** `docs/devices/README.md`: every model, with a way to its page. */
export function indexPage(models: readonly Model[]): string {
  const rows = models.map(({ type: { name, label, models = [] }, device }) => {
    const fits = models.length === 0 ? "" : models.join(", ");
    return `| [\`${name}\`](${vendorOf(name)}.md#${anchorOf(name)}) | ${label} | ${device.class} | ${fits} |`;
  });
  return `${generated}

# Devices of the catalogue

${models.length} models. A device of the configuration that names one as its \`type\` gets channels, class and addresses from it,
and may say any of it differently ([configuration](../configuration.md#devices)). What is not here can be described in a few
lines: [writing a device](../writing-a-device.md).

| type | what it is | class | fits |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

/** `docs/devices/VENDOR.md`: what each model of a vendor can do, and what to write. */
export function vendorPage(vendor: string, models: readonly Model[]): string {
  return `${generated}

# ${vendorNames[vendor] ?? vendor}

What each column means is told [below](#the-tables).
${models.map(section).join("")}
## The tables

The first table of a model says what belongs into the \`address\` of a device, the last which channels it has then. The
channel in bold stands for the device. *read* and *set* say what can be done with a channel, and a set channel has a risk:
*safe* and *caution* are done at once, *hazard* asks for a confirmation first.
`;
}

function section({ type, device }: Model): string {
  const { name, label, models, documentation, notes, parameters = {} } = type;
  const facts = [device.class, `[vendor's documentation](${documentation})`];
  const fits = models === undefined ? "" : `\nFits: ${models.join(", ")}.\n`;
  const advice = notes === undefined ? "" : `\n${notes}\n`;
  const given = addressOf(type.source.at(["address"]));
  const needed = Object.entries(parameters).filter(([word]) => given[word] === undefined);
  const address = needed.map(([word, { example }]) => `${word}: ${scalar(example)}`).join(", ");
  const words = Object.entries(parameters).map(([word, { means }]) => {
    const preset = given[word] === undefined ? "" : `; \`${given[word]}\` unless it is said`;
    return `| \`${word}\` | ${means}${preset} |\n`;
  });
  const model = name.slice(name.indexOf("/") + 1);
  return `
## ${name}

**${label}** · ${facts.join(" · ")}
${fits}${advice}
\`\`\`yaml
${adapterOf(type)}devices:
  my-${model}: { type: ${name}${address === "" ? "" : `, address: { ${address} }`} }
\`\`\`
${words.length === 0 ? "" : `\n| address | |\n| --- | --- |\n${words.join("")}`}
| channel | label | holds | | risk |
| --- | --- | --- | --- | --- |
${[...device.channels.values()].map((channel) => row(device, channel)).join("")}`;
}

/** How the adapter is set up, where that is more than where it is. */
function adapterOf({ adapter: kind = "", settings = {} }: Model["type"]): string {
  const place = places[kind];
  if (place === undefined || kind === "mqtt") return "";
  const lines = Object.entries({ kind, ...place.settings, ...settings }).map(
    ([word, value]) => `    ${word}: ${stringify(value, { collectionStyle: "flow", lineWidth: 0 })}`,
  );
  return `adapters:\n  ${place.name}:\n${lines.join("")}`;
}

function row(device: Device, channel: Channel): string {
  const { id, label, value, readable, writable } = channel;
  const name = device.main === id ? `**\`${id}\`**` : `\`${id}\``;
  const can =
    value.kind === "event" ? "event" : [readable && "read", writable && "set"].filter(Boolean).join(", ");
  return `| ${name} | ${label} | ${holds(value)} | ${can} | ${writable ? risk(device, channel) : ""} |\n`;
}

function holds(value: ValueSpec): string {
  switch (value.kind) {
    case "number": {
      const { unit = "", min, max } = value;
      return `number ${min === undefined || max === undefined ? "" : `${min} to ${max} `}${unit}`.trim();
    }
    case "choice":
      return value.options.join(", ");
    case "switch":
    case "contact":
      return value.words === undefined ? value.kind : `${value.kind} (${value.words})`;
    default:
      return value.kind;
  }
}

/** The worst that can be asked of the channel. */
function risk(device: Device, channel: Channel): string {
  switch (channel.value.kind) {
    case "cover":
      return riskOf(device, channel, 100);
    case "lock":
      return riskOf(device, channel, "unlock");
    default:
      return riskOf(device, channel, true);
  }
}

function addressOf(address: unknown): Readonly<Record<string, unknown>> {
  return typeof address === "object" && address !== null ? { ...address } : {};
}

/** In quotes where YAML would read something else: 008440e6 is a number. */
function scalar(text: string): string {
  return /^[\w][\w./-]*$/.test(text) && String(parse(text)) === text ? text : JSON.stringify(text);
}

function vendorOf(name: string): string {
  return name.slice(0, name.indexOf("/"));
}

/** As GitHub and others make it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
