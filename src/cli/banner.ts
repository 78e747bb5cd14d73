import { relative } from "node:path";
import qrcode from "qrcode";

/** What an owner needs to know at the first look. */
export interface Banner {
  readonly owner: { readonly jid: string; readonly passwordFile: string };
  readonly house: string;
  readonly c2sPort: number;
  /** With the client port open to the network: SHA-256 of the house's own authority, and its file. */
  readonly fingerprint: string | undefined;
  readonly caFile: string | undefined;
  readonly httpUrl: string;
  readonly tokenFile: string;
  readonly mqttUrl: string | undefined;
}

/** The first look, in under a screen. */
export async function bannerText(banner: Banner): Promise<string> {
  const { owner, house, c2sPort } = banner;
  const link = `xmpp:${house}?message`;
  const code = await qrcode.toString(link, { type: "utf8", errorCorrectionLevel: "L", margin: 0 });
  const here = banner.fingerprint === undefined;
  const reach = here
    ? `From this machine: server 127.0.0.1, port ${c2sPort}, without TLS. A phone needs: npm start -- --lan`
    : `From your network: this machine's address, port ${c2sPort}, TLS. Authority ${banner.fingerprint}`;
  const lines = [
    `Homeroster is ready. Log in as ${owner.jid}, password in ${short(owner.passwordFile)}`,
    reach,
    ...(banner.caFile === undefined
      ? []
      : [`Its certificate, to install on the phone: ${short(banner.caFile)}`]),
    here ? "Clients: Gajim, Dino, Profanity." : "Clients: Conversations, Monal, Gajim, Dino, Profanity.",
    `Then write to ${house} (${link}): list · lights off · kitchen lamp on`,
    `HTTP ${banner.httpUrl} (token in ${short(banner.tokenFile)})${banner.mqttUrl === undefined ? "" : ` · MQTT ${banner.mqttUrl}`}`,
    code.trimEnd(),
  ];
  return `${lines.join("\n")}\n`;
}

function short(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
