import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Settings } from "../config/settings.js";
import type { Log } from "../core/log.js";
import type { Link } from "../xmpp/link.js";
import { createStream } from "../xmpp/stream.js";

export type ComponentSettings = Extract<Settings["xmpp"], { readonly server: "component" }>;

const within = 15_000;
const lookEvery = 20;

/**
 * Shakes hands with the server as the gateway does. Resolves with the link, which is up or says in `detail` why not; it
 * is the caller's to stop.
 */
export async function openLink(settings: ComponentSettings, log: Log): Promise<Link> {
  const { domain, host, port, secret, tls } = settings;
  const ca = tls?.ca === undefined ? {} : { ca: readFileSync(tls.ca, "utf8") };
  const isOwnService = (other: string) => other === settings.pubsub || domain.endsWith(`.${other}`);
  const link = createStream({ domain, host, port, secret, isOwnService, log, ...(tls && { tls: ca }) });
  link.start();
  for (const end = performance.now() + within; link.state === "connecting" && performance.now() < end; ) {
    await delay(lookEvery);
  }
  return link;
}
