import type { Link } from "../xmpp/link.js";
import { NS } from "../xmpp/namespaces.js";
import { el } from "../xmpp/xml.js";
import { type Finding, findingsOf } from "./finding.js";
import { parentOf } from "./services.js";

const { ok, warn } = findingsOf("Small writes");

const rounds = 6;
/** More than servers read at a time, so that they answer in two writes. */
const padding = "x".repeat(10_000);
/** Linux acknowledges after 40 ms what it is not asked to acknowledge sooner. */
const held = 36;

/**
 * Whether the server keeps a small write back until the one before is acknowledged (Nagle's algorithm). Its second answer
 * then takes 40 ms every time; a busy machine is slow sometimes, so the quickest round tells.
 */
export async function checkNagle(link: Link): Promise<Finding> {
  const pair = await quickest(() => Promise.all([ping(link, padding), ping(link, padding)]));
  const single = await quickest(() => ping(link, ""));
  if (pair - single < held) return ok(`The server answers without delay (${Math.round(pair)} ms).`);
  return warn(
    `The server holds small writes back: ${Math.round(pair)} ms for two answers, ${Math.round(single)} ms for one.`,
    "In Prosody's global part: network_settings = { nagle = false }; then restart it.",
  );
}

async function quickest(attempt: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await attempt();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

/** An error is an answer, too. */
async function ping(link: Link, filling: string): Promise<void> {
  const request = el(
    "ping",
    { xmlns: NS.ping },
    filling === "" ? undefined : el("x", { xmlns: "urn:homeroster:padding:0" }, filling),
  );
  await link
    .request(el("iq", { type: "get", from: link.domain, to: parentOf(link.domain) }, request))
    .catch(() => {});
}
