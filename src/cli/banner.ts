import { networkInterfaces } from "node:os";
import { relative } from "node:path";
import qrcode from "qrcode";
import type { DeviceView } from "../core/gateway.js";

/** What an owner needs to know at the first look. */
export interface Banner {
  /** The embedded server. */
  readonly server:
    | {
        readonly owner: { readonly jid: string; readonly passwordFile: string };
        readonly c2sPort: number;
        /** With the client port open to the network: what clients are shown. Fingerprints are SHA-256. */
        readonly ca?: {
          readonly file: string;
          readonly fingerprint: string;
          readonly serverFingerprint: string;
        };
      }
    | undefined;
  readonly house: string;
  readonly devices: readonly DeviceView[];
  readonly httpUrl: string;
  readonly tokenFile: string;
  readonly mqttUrl: string | undefined;
}

/** The first look, in under a screen of 24 lines. `isTerminal`: colours may be used, so that the code can be scanned. */
export async function bannerText(banner: Banner, isTerminal: boolean): Promise<string> {
  const { server, house } = banner;
  const mqtt = banner.mqttUrl === undefined ? "" : ` · MQTT ${banner.mqttUrl}`;
  const code = isTerminal
    ? ({ type: "terminal", small: true } as const)
    : ({ type: "utf8", margin: 2 } as const);
  const lines = [
    ...(server === undefined ? ["Homeroster is running."] : loginLines(server)),
    `Add the contact ${house} and write to it: ${hints(banner.devices).join(" · ")}`,
    `HTTP ${banner.httpUrl} (token in ${short(banner.tokenFile)})${mqtt}`,
    `The house, to scan (xmpp:${house}):`,
    await qrcode.toString(`xmpp:${house}`, { ...code, errorCorrectionLevel: "L" }),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function loginLines({ owner, c2sPort, ca }: NonNullable<Banner["server"]>): string[] {
  const login = `Homeroster is ready. Log in as ${owner.jid}, password in ${short(owner.passwordFile)}`;
  if (ca === undefined) {
    return [
      login,
      `On this machine: server 127.0.0.1, port ${c2sPort}, without TLS. For a phone: npm start -- --lan`,
      "Clients: Gajim, Profanity (tls disable).",
    ];
  }
  return [
    login,
    `In your network: server ${addressInNetwork()}, port ${c2sPort}, TLS.`,
    "Clients: Conversations, Monal, Gajim, Dino, Profanity.",
    `Certificate ${ca.serverFingerprint}`,
    `of the authority ${ca.fingerprint}, to install: ${short(ca.file)}`,
  ];
}

/** What can be written to this very house. */
function hints(devices: readonly DeviceView[]): string[] {
  const lamp = devices.find(({ device }) => device.class === "light" && device.main !== undefined);
  const lit = lamp === undefined ? [] : [`${lamp.device.label.toLowerCase()} on`, "lights off"];
  return ["help", "list", ...lit];
}

function addressInNetwork(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
  return outside?.address ?? "(the address of this machine)";
}

function short(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
