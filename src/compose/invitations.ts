import { plainHex } from "../cli/banner.js";
import type { InviteAnswer } from "../control/answers.js";
import type { GrantedRole } from "../control/requests.js";
import { GatewayError } from "../core/errors.js";
import type { People } from "../core/people.js";
import type { Store } from "../core/store.js";
import { Invitations } from "../embedded/invitations.js";
import { requestInvite } from "../xmpp/invite.js";
import type { Link } from "../xmpp/link.js";
import type { Server } from "./server.js";

interface Doorman {
  invite(name: string, role: GrantedRole): Promise<InviteAnswer>;
  stop(): Promise<void>;
}

/** Invites to the embedded server, and makes those who came people of the house. */
export function keepDoor(parts: {
  readonly server: Server;
  readonly link: Link;
  readonly store: Store;
  readonly people: People;
}): Doorman {
  const { link, store, people } = parts;
  const { embedded, domain } = parts.server;
  if (embedded === undefined) return { invite: refuse, stop: async () => {} };
  const invitations = new Invitations({
    store,
    domain: embedded.domain,
    hasAccount: embedded.hasAccount,
    request: (user) => requestInvite(link, embedded.domain, user),
    onPeople: (roles) => people.set("invited", roles),
  });
  return {
    invite: async (name, role) => {
      const { expires, ...invitation } = await invitations.invite(name, role);
      return {
        ...invitation,
        expiresAt: new Date(expires).toISOString(),
        server: {
          host: embedded.c2sHost,
          port: embedded.c2sPort,
          ...(embedded.ca && { fingerprint: plainHex(embedded.ca.serverFingerprint) }),
        },
        house: `home@${domain}`,
      };
    },
    stop: async () => invitations.stop(),
  };
}

async function refuse(name: string, role: GrantedRole): Promise<never> {
  throw new GatewayError(
    "adapter-failed",
    `Invitations are for the embedded server. On your own, make the account there (prosodyctl adduser ${name}@DOMAIN, or ejabberdctl register ${name} DOMAIN PASSWORD) and write it below people: in the configuration: { jid: ${name}@DOMAIN, role: ${role} }.`,
  );
}
