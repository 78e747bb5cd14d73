import type { Log } from "../core/log.js";
import { type Finding, findingsOf } from "./finding.js";
import { checkNagle } from "./nagle.js";
import { checkPubsub, checkUploads } from "./services.js";
import { type ComponentSettings, openLink } from "./xmpp-link.js";

const { ok, fail } = findingsOf("XMPP server");

/** Shakes hands with the server, and looks at what it offers the gateway. For when no gateway is on the link. */
export async function checkXmppServer(settings: ComponentSettings, log: Log): Promise<readonly Finding[]> {
  const { domain, host, port } = settings;
  const link = await openLink(settings, log);
  try {
    if (link.state !== "online") {
      const cure =
        link.state === "auth-failed"
          ? "A restarted server reads its configuration anew; a changed one alone may not be in force yet."
          : `See whether the server runs, and listens for components at ${host} port ${port}: ss -ltn`;
      return [fail(link.detail, cure)];
    }
    return [
      ok(`${host} port ${port} takes the gateway in as ${domain}.`),
      await checkNagle(link),
      await checkPubsub(link, settings.pubsub),
      await checkUploads(link),
    ];
  } finally {
    await link.stop();
  }
}
