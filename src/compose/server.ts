import { readFileSync } from "node:fs";
import type { Settings } from "../config/settings.js";
import type { Role } from "../core/access.js";
import type { Principal } from "../core/command.js";
import type { Log } from "../core/log.js";
import type { Roles } from "../core/people.js";
import { type EmbeddedProsody, startEmbeddedProsody } from "../embedded/prosody.js";
import type { Link } from "../xmpp/link.js";

const readyWithin = 15_000;

/** The XMPP server that takes the gateway in, and what the link needs to reach it. */
export interface Server {
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly tls?: { readonly ca?: string };
  readonly pubsub: string | undefined;
  readonly embedded: EmbeddedProsody | undefined;
}

interface ServerOptions {
  readonly dataDir: string;
  readonly lan: boolean;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Starts the embedded server, or says where the other one is. */
export async function startServer(
  { xmpp }: Settings,
  { dataDir, lan, log, signal }: ServerOptions,
): Promise<Server> {
  if (xmpp.server === "component") {
    if (lan) log.warn({}, "--lan is for the embedded server; with a server of your own it changes nothing");
    const { domain, host, port, secret, tls, pubsub } = xmpp;
    const ca = tls?.ca === undefined ? {} : { ca: readFileSync(tls.ca, "utf8") };
    return { domain, host, port, secret, ...(tls && { tls: ca }), pubsub, embedded: undefined };
  }
  const embedded = await startEmbeddedProsody({
    dataDir,
    listen: lan ? "lan" : xmpp.listen,
    ...(xmpp.domain === undefined ? {} : { domain: xmpp.domain }),
    log: log.child({ part: "prosody" }),
    signal,
  });
  const { componentDomain: domain, componentPort: port, pubsubDomain: pubsub, host, secret } = embedded;
  return { domain, host, port, secret, pubsub, embedded };
}

/** The owner of the embedded server is one of the house, too. */
export function rolesOf(settings: Settings, server: Server): Roles {
  const owners = [...settings.owners, ...(server.embedded === undefined ? [] : [server.embedded.owner.jid])];
  return new Map<Principal, Role>([
    ...settings.people.map(({ jid, role }) => [jid, role] as const),
    ...owners.map((jid) => [jid, "owner"] as const),
  ]);
}

/** Resolves when the link is up, or when the waiting for it is over: the log says why then. */
export function online(link: Link, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, readyWithin);
    const onOver = () => {
      clearTimeout(timer);
      resolve();
    };
    link.on("online", onOver);
    signal.addEventListener("abort", onOver, { once: true });
    if (signal.aborted) onOver();
  });
}
