import { z } from "zod";
import { duration, pem, strict } from "../../src/schema.js";
import { scalar } from "../payload/conversion.js";
import { qos } from "./addresses.js";
import { filterFault, topicFault } from "./topic-syntax.js";

const text = z.string("is no text; put it in quotes").min(1, "is empty");

/** Where a broker listens. */
export interface Endpoint {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
}

const url = z
  .string("is no URL; write for example mqtt://127.0.0.1:1883")
  .transform((input, context): Endpoint => {
    const wrong = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (!/^mqtts?:\/\/./i.test(input) || !URL.canParse(input)) {
      return wrong("is no broker's URL; write mqtt://HOST:PORT, mqtts://HOST:PORT for TLS, or embedded");
    }
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(input);
    if (username !== "" || password !== "")
      return wrong("has a user or password in it; use `username` and `password`");
    if (/[^/]/.test(pathname) || search !== "" || hash !== "")
      return wrong("has something after the port; leave it out");
    if (hostname === "" || port === "0") return wrong("names no host and port to connect to");
    const isSecure = protocol === "mqtts:";
    return {
      isSecure,
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port) || (isSecure ? 8883 : 1883),
    };
  });

const keepalive = duration
  .refine(
    (milliseconds) => milliseconds % 1000 === 0 && milliseconds >= 1000 && milliseconds <= 65_535_000,
    "is no whole number of seconds from 1 to 65535",
  )
  .transform((milliseconds) => milliseconds / 1000);

/** A message about the gateway itself. */
const announcement = strict({
  topic: text.superRefine((topic, context) => {
    const fault = topicFault(topic);
    if (fault !== undefined) context.addIssue(fault);
  }),
  payload: scalar.transform(String),
  qos: qos.default(0),
  retain: z.boolean("is neither true nor false").default(false),
});

// Discovery is read so that one configuration serves now and later; nothing acts on it yet.
const discovery = strict({
  approve: z.enum(["ask", "auto"], 'is neither "ask" nor "auto"').default("ask"),
  homeassistant: z.union([z.boolean(), strict({ prefix: text.default("homeassistant") })]).exactOptional(),
  homie: z.union([z.boolean(), strict({ prefix: text.default("homie") })]).exactOptional(),
  topics: z
    .array(
      text.superRefine((filter, context) => {
        const fault = filterFault(filter);
        if (fault !== undefined) context.addIssue(fault);
      }),
    )
    .exactOptional(),
});

const words = {
  url: url.describe("mqtt://HOST:PORT, mqtts://HOST:PORT for TLS, or embedded for the gateway's own broker."),
  username: text.exactOptional(),
  password: text.describe("Best as !secret NAME.").exactOptional(),
  clientId: text.describe("Must differ from every other client of the broker.").exactOptional(),
  version: z
    .literal(["3.1.1", "5", 5], 'is no version of MQTT that is spoken here; write "3.1.1" or 5')
    .default("3.1.1")
    .transform((version) => (version === "3.1.1" ? 4 : 5)),
  keepalive: keepalive
    .describe("A broker that fell silent is noticed after one and a half times this. Default: 15s.")
    .default(15),
  tls: strict({
    ca: pem.exactOptional(),
    cert: pem.exactOptional(),
    key: pem.exactOptional(),
  })
    .describe("Each is a file's name or the PEM text itself.")
    .exactOptional(),
  will: announcement.describe("Published when the gateway goes.").exactOptional(),
  birth: announcement.describe("Published at each connection.").exactOptional(),
  discovery: discovery.describe("Devices that announce themselves; not acted upon yet.").exactOptional(),
} as const;

export const settings = strict(words).superRefine((given, context) => {
  const wrong = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  if (given.password !== undefined && given.username === undefined) {
    wrong(["password"], "needs a `username` beside it");
  }
  if (given.tls === undefined) return;
  if (!given.url.isSecure) wrong(["tls"], "needs a URL that begins with mqtts://");
  if (given.tls.cert !== undefined && given.tls.key === undefined)
    wrong(["tls", "cert"], "needs its `key` beside it");
  if (given.tls.key !== undefined && given.tls.cert === undefined)
    wrong(["tls", "key"], "needs its `cert` beside it");
});

/** `keepalive` in seconds, `version` as MQTT numbers its protocol (3.1.1 is 4), `tls` as PEM text or file names. */
export type Settings = z.output<typeof settings>;
