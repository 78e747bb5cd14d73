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
        readonly c2sHost: string;
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

/**
 * The first look, in a screen of 24 lines of 80 characters; what matters most comes last, where it stays in sight.
 * `isTerminal`: colours may be used, so that the code can be scanned.
 */
export async function bannerText(banner: Banner, isTerminal: boolean): Promise<string> {
  const { server, house, devices, httpUrl, tokenFile, mqttUrl } = banner;
  const look = isTerminal
    ? ({ type: "terminal", small: true } as const)
    : ({ type: "utf8", margin: 2 } as const);
  const code = await qrcode.toString(`xmpp:${house}`, { ...look, errorCorrectionLevel: "L" });
  const mqtt = mqttUrl === undefined ? "" : `; ${mqttUrl}`;
  const lines = [
    code.trimEnd(),
    `Homeroster is ${server === undefined ? "running" : "ready"}.`,
    ...(server === undefined ? [] : loginLines(server)),
    `House     xmpp:${house}`,
    `Write it  ${hints(devices).join(" · ")}`,
    `Programs  ${httpUrl}, token in ${short(tokenFile)}${mqtt}`,
  ];
  return `${lines.join("\n")}\n`;
}

function loginLines({ owner, c2sHost, c2sPort, ca }: NonNullable<Banner["server"]>): string[] {
  const account = `Account   ${owner.jid}, password in ${short(owner.passwordFile)}`;
  if (ca === undefined) {
    return [
      account,
      `Server    ${c2sHost}:${c2sPort} without TLS, for Gajim and Profanity on this machine`,
      "Phone     the same start with --lan: npm start -- --lan",
    ];
  }
  return [
    account,
    `Server    ${c2sHost}:${c2sPort} with TLS, for Conversations, Monal, Gajim, Dino`,
    `SHA-256   ${plainHex(ca.serverFingerprint)}`,
    `its CA's  ${plainHex(ca.fingerprint)}`,
    `CA        ${short(ca.file)}, to install on the phone`,
  ];
}

/** A fingerprint as clients show it. */
export function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}

/** What can be written to this very house. */
function hints(devices: readonly DeviceView[]): string[] {
  const lamp = devices.find(({ device }) => device.class === "light" && device.main !== undefined);
  const lit = lamp === undefined ? [] : [`${lamp.device.label.toLowerCase()} on`, "lights off"];
  return ["help", "list", ...lit];
}

function short(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
