import { z } from "zod";
import { deviceClasses } from "../core/device.js";

/** What this face takes and gives, once for all: bodies are parsed by it, types come from it, and the document shows it. */

const instant = z.iso.datetime().meta({ description: "RFC 3339 in UTC." });
const deviceId = z.string().meta({ description: "The id of a device, such as `kitchen-lamp`." });
const channelId = z.string().meta({ description: "The id of a channel, such as `power`." });

const value = z
  .union([
    z.boolean(),
    z.number(),
    z.string(),
    z.object({ lat: z.number(), lon: z.number(), accuracy: z.number().optional() }),
    z.object({ contentType: z.string(), size: z.number(), url: z.string().optional() }),
  ])
  .meta({ id: "Value", description: "What a channel holds; its `kind` says which of these." });

const state = z
  .object({
    value,
    quality: z.enum(["live", "stale", "unavailable"]),
    at: instant,
    seq: z.int().meta({ description: "Grows with every change while the gateway runs." }),
  })
  .meta({ id: "State" });

const availability = z
  .object({
    status: z.enum(["online", "offline", "unknown"]),
    detail: z.enum([
      "none",
      "communication-error",
      "configuration-error",
      "adapter-offline",
      "not-seen-yet",
      "gone",
    ]),
    text: z.string().optional().meta({ description: "A sentence for a person." }),
    since: instant,
  })
  .meta({ id: "Availability" });

const channel = z
  .object({
    kind: z.enum([
      "switch",
      "contact",
      "level",
      "color",
      "cover",
      "number",
      "text",
      "choice",
      "lock",
      "datetime",
      "location",
      "image",
      "button",
      "event",
    ]),
    label: z.string(),
    unit: z.string().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    options: z.array(z.string()).readonly().optional(),
    readable: z.boolean(),
    writable: z.boolean(),
    state: state.nullable().meta({ description: "Null until the channel has said something." }),
  })
  .meta({ id: "Channel" });

export const device = z
  .object({
    id: z.string(),
    jid: z.string(),
    label: z.string(),
    room: z.string().nullable(),
    class: z.enum(deviceClasses),
    main: z.string().nullable(),
    adapter: z.string(),
    availability,
    channels: z.record(z.string(), channel),
  })
  .meta({ id: "Device" });

export const deviceList = z.object({ devices: z.array(device) }).meta({ id: "DeviceList" });

const finalReceipt = z.enum(["confirmed", "sent", "failed", "timed-out", "expired", "refused", "unknown"]);

export const receipt = z
  .object({
    command: z.string(),
    receipt: finalReceipt,
    code: z.string().optional(),
    detail: z.string().optional().meta({ description: "A sentence for a person." }),
  })
  .meta({ id: "Receipt", description: "What became of a command." });

export const accepted = z
  .object({ command: z.string(), receipt: z.literal("accepted") })
  .meta({ id: "Accepted", description: "The command is under way." });

const shape = 'the body should be an object: {"value": ..., "id"?: "...", "confirm"?: "..."}';

function shortText(key: string, description: string) {
  const error = `"${key}" should be a text of 1 to 128 characters.`;
  return z.string(error).min(1, error).max(128, error).exactOptional().meta({ description });
}

export const commandBody = z
  .strictObject(
    {
      value: z
        .unknown()
        .refine((given) => given !== undefined, `A value is missing; ${shape}.`)
        .meta({ type: ["boolean", "number", "string"] }),
      id: shortText("id", "The sender's own id: a repeat within ten minutes does nothing."),
      confirm: shortText("confirm", "The code that answered `confirmation-required`."),
    },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? `"${issue.keys?.[0]?.slice(0, 64)}" is not known; ${shape}.`
          : `That is no object; ${shape}.`,
    },
  )
  .meta({ id: "Command" });

export const deviceParams = z.object({ id: deviceId });
export const channelParams = z.object({ id: deviceId, channel: channelId });
export const hookParams = z.object({ name: z.string().meta({ description: "The name of a webhook." }) });
export const commandParams = z.object({ command: z.string().meta({ description: "The id of a command." }) });

export const hookTaken = z
  .object({ event: z.string().meta({ description: "The id of what happened, made once." }) })
  .meta({ id: "HookTaken", description: "The gateway took it." });

/** The data of each event of the stream, by its name. */
export const eventData = {
  state: z.object({ device: deviceId, channel: channelId, state }).meta({ id: "StateEvent" }),
  availability: z.object({ device: deviceId, availability }).meta({ id: "AvailabilityEvent" }),
  event: z
    .object({ device: deviceId, channel: channelId, event: z.looseObject({ type: z.string() }) })
    .meta({ id: "DeviceEvent" }),
  receipt: z
    .object({ command: z.string(), receipt: finalReceipt, detail: z.string().optional() })
    .meta({ id: "ReceiptEvent" }),
  snapshot: z
    .object({ reason: z.enum(["other-epoch", "too-old", "unknown", "fell-behind"]) })
    .meta({ id: "SnapshotEvent" }),
};

export const links = z
  .array(z.object({ name: z.string(), state: z.string() }))
  .readonly()
  .meta({ id: "Links" });
