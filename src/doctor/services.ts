import { messageOf } from "../core/errors.js";
import type { Link } from "../xmpp/link.js";
import { NS } from "../xmpp/namespaces.js";
import { PubsubService } from "../xmpp/pubsub-node.js";
import { StanzaError } from "../xmpp/stanza-error.js";
import { type Element, el } from "../xmpp/xml.js";
import { type Finding, findingsOf } from "./finding.js";

const pubsub = findingsOf("PubSub");
const uploads = findingsOf("Uploads");

const uploadFeature = "urn:xmpp:http:upload:0";
const within = 10_000;

/** Makes a node and removes it again. */
export async function checkPubsub(link: Link, service: string | undefined): Promise<Finding> {
  if (service === undefined) {
    const found = await findService(
      link,
      ({ category, type }) => category === "pubsub" && type === "service",
    );
    const text = "xmpp.pubsub is not set, so programs cannot subscribe to devices.";
    return found === undefined
      ? pubsub.warn(text, "Add a PubSub service to the server, and name it there; docs/xmpp.md shows how.")
      : pubsub.warn(text, `The server has one: set xmpp.pubsub to ${found}.`);
  }
  try {
    await query(link, service, NS.discoInfo);
  } catch (error) {
    return pubsub.fail(`${service} is no service that answers: ${reasonOf(error)}.`, missingCure(service));
  }
  const node = `${link.domain}/doctor`;
  const client = new PubsubService(link, service);
  try {
    await client.prepare(node, 1);
    await client.delete(node);
    return pubsub.ok(`${service} lets the gateway make nodes.`);
  } catch (error) {
    return pubsub.fail(
      `${service} does not let the gateway make a node: ${reasonOf(error)}.`,
      cureOf(error, link, service),
    );
  }
}

export async function checkUploads(link: Link): Promise<Finding> {
  const found = await findService(link, ({ features }) => features.includes(uploadFeature));
  if (found !== undefined) return uploads.ok(`${found} takes files.`);
  const text = `${parentOf(link.domain)} names no upload service, so devices cannot send pictures.`;
  return uploads.warn(
    text,
    "Add one to the server (Prosody: http_file_share, ejabberd: mod_http_upload), if you want them.",
  );
}

/** The server that a component's domain belongs to, as its name has it. */
export function parentOf(domain: string): string {
  return domain.slice(domain.indexOf(".") + 1);
}

interface Service {
  readonly category: string | undefined;
  readonly type: string | undefined;
  readonly features: readonly string[];
}

/** The first of the server's services that fits. */
async function findService(link: Link, fits: (service: Service) => boolean): Promise<string | undefined> {
  const items = await query(link, parentOf(link.domain), NS.discoItems).catch(() => undefined);
  const jids = (items?.getChildren("item") ?? []).map(({ attrs }) => String(attrs.jid));
  for (const jid of jids.filter((jid) => jid !== link.domain).slice(0, 20)) {
    const info = await query(link, jid, NS.discoInfo).catch(() => undefined);
    if (info === undefined) continue;
    const features = info.getChildren("feature").map(({ attrs }) => String(attrs.var));
    const identities = info.getChildren("identity");
    if (identities.some(({ attrs: { category, type } }) => fits({ category, type, features }))) return jid;
  }
  return undefined;
}

async function query(link: Link, to: string, xmlns: string): Promise<Element | undefined> {
  const request = el("iq", { type: "get", from: link.domain, to }, el("query", { xmlns }));
  return (await link.request(request, within)).getChild("query", xmlns);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof StanzaError)) return messageOf(error) || "somebody else owns it";
  return error.message === "" ? error.condition : `${error.condition} (${error.message})`;
}

function missingCure(service: string): string {
  return `Correct xmpp.pubsub, or add the service to the server: Component "${service}" "pubsub" in Prosody, mod_pubsub in ejabberd.`;
}

function cureOf(error: unknown, link: Link, service: string): string {
  if (
    error instanceof StanzaError &&
    (error.condition === "forbidden" || error.condition === "not-allowed")
  ) {
    return `Prosody: admins = { "${link.domain}" } below Component "${service}" "pubsub". ejabberd: let it pass access_createnode of mod_pubsub.`;
  }
  return "See the log of the XMPP server.";
}
