import { accessSync, constants } from "node:fs";
import { z } from "zod";
import { isLoopback } from "../core/host.js";
import type { Problem } from "../core/problem.js";
import { duration, strict } from "../schema.js";
import { asciiDomainName, domainName, host, port, secretText } from "./addresses.js";
import { sectionOf } from "./readings.js";

interface EitherXmpp {
  /** `opaque` nodes have random names. */
  readonly pubsubNames: "plain" | "opaque";
  /** Milliseconds between two presences of a device for changes of numbers. */
  readonly presenceEvery: number;
  /** Milliseconds between two publications of a device; 0 is unlimited. */
  readonly publishEvery: number;
}

/** A private Prosody that the gateway runs. */
interface EmbeddedXmpp extends EitherXmpp {
  readonly server: "embedded";
  readonly listen: "loopback" | "lan";
  /** Of the people; the gateway's own is `iot.` before it. */
  readonly domain?: string;
}

/** A server that runs by itself and knows the gateway as an external component. */
interface ComponentXmpp extends EitherXmpp {
  readonly server: "component";
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  /** Direct TLS; absent is plain text, which never leaves the machine. `ca` is a file. */
  readonly tls?: { readonly ca?: string };
  readonly secret: string;
  /** The server's PubSub service. */
  readonly pubsub?: string;
}

export type XmppSettings = EmbeddedXmpp | ComponentXmpp;

const file = z.string().refine(isReadable, { error: "is no file that can be read" });

const either = {
  pubsubNames: z.enum(["plain", "opaque"]).describe("opaque: nodes have random names.").default("plain"),
  presenceEvery: duration
    .describe("Between two presences of a device for changes of numbers.")
    .prefault("30s"),
  publishEvery: duration.describe("Between two publications of a device; 0 is unlimited.").prefault("1s"),
};

const embeddedSection = strict({
  listen: z.enum(["loopback", "lan"]).describe("lan: the client port only, with TLS.").default("loopback"),
  domain: asciiDomainName
    .describe("Of the accounts; HOSTNAME.local by default. Fixed at the first start.")
    .exactOptional(),
});

const serverWords = "embedded: a private Prosody that the gateway runs. component: a server of your own.";

export const embedded = strict({
  server: z.literal("embedded").describe(serverWords).default("embedded"),
  embedded: embeddedSection.prefault({}),
  ...either,
}).transform(({ embedded, ...rest }): EmbeddedXmpp => ({ ...rest, ...embedded }));

const componentKeys = {
  domain: domainName.describe("The gateway's own domain, such as iot.example.org."),
  host: host.describe("Another machine needs tls.").default("127.0.0.1"),
  port: port.describe("The server's component port.").default(5347),
  tls: z
    .union([strict({ ca: file.exactOptional() }), z.literal(true)])
    .transform((tls) => (tls === true ? {} : tls))
    .describe("Direct TLS: true, or { ca: FILE }.")
    .exactOptional(),
  secret: secretText.describe("The component's secret, best as !secret NAME."),
  pubsub: domainName
    .describe("The server's PubSub service; without it nothing is published.")
    .exactOptional(),
};

export const component = strict({
  server: z.literal("component").describe(serverWords),
  // Kept for the day one goes back to the embedded server.
  embedded: embeddedSection.exactOptional(),
  ...componentKeys,
  ...either,
}).transform(({ embedded: _, ...rest }): ComponentXmpp => rest);

/** The schema that fits what the section says of its server. */
export function xmppSchema(raw: unknown): z.ZodType<XmppSettings> {
  const { server } = sectionOf(raw);
  if (server === "component") return component;
  return server === undefined || server === "embedded"
    ? embedded.prefault({})
    : z.looseObject({ server: z.enum(["embedded", "component"]) }).pipe(z.never());
}

/** Mistakes that no single key shows. Paths start at the section. */
export function xmppProblems(raw: unknown): readonly Problem[] {
  const section = sectionOf(raw);
  const { server, host: to, tls } = section;
  if (server === "component") {
    if (typeof to !== "string" || isLoopback(to) || tls !== undefined) return [];
    const message =
      'is another machine, and the link would be plain text; add "tls: true" (direct TLS), or use 127.0.0.1';
    return [{ path: ["host"], message }];
  }
  const foreign = Object.keys(componentKeys).filter((key) => key in section);
  if (server !== undefined && server !== "embedded") return [];
  return foreign.map((key) => ({
    path: [key],
    message: 'belongs to a server of your own; add "server: component", or leave it out',
    at: "key",
  }));
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
