import { expect, vi } from "vitest";
import type { Link } from "../../src/xmpp/link.js";
import { createStream, type StreamOptions } from "../../src/xmpp/stream.js";
import type { ComponentServer, Peer } from "./component-server.js";
import { RecordingLog } from "./recording-log.js";

export interface ToldLink {
  readonly link: Link;
  /** All it tells, as a transcript. */
  readonly told: string[];
  readonly log: RecordingLog;
}

/** A link to the server, started. */
export function toldLink(server: ComponentServer, options: Partial<StreamOptions> = {}): ToldLink {
  const { domain, host, port, secret } = server;
  const log = new RecordingLog();
  const link = createStream({ domain, host, port, secret, log, ...options });
  const told: string[] = [];
  link.on("online", () => told.push("online"));
  link.on("offline", (reason) => told.push(`offline: ${reason}`));
  link.on("stanza", (stanza) => told.push(`${stanza}`));
  link.on("writable", () => told.push("writable"));
  link.start();
  return { link, told, log };
}

/** A link that is up, with an empty transcript, and the server's end of it. */
export async function onlineLink(
  server: ComponentServer,
  options: Partial<StreamOptions> = {},
): Promise<ToldLink & { readonly peer: Peer }> {
  const { link, told, log } = toldLink(server, options);
  const peer = await server.accept();
  await peer.login();
  await vi.waitFor(() => expect(told).toEqual(["online", "writable"]));
  told.length = 0;
  return { link, told, log, peer };
}
