import type { StatusDocument } from "../cli/status-document.js";
import type { Receipt } from "../core/command.js";
import type { GatewayErrorCode } from "../core/errors.js";

/** A device as HTTP tells it; named is what the command line looks at. */
export interface ListedDevice {
  readonly id: string;
  readonly label: string;
  readonly room: string | null;
  readonly availability: { readonly status: string };
}

export interface DeviceList {
  readonly devices: readonly ListedDevice[];
  /** By id, how each is, in a few words for a person. */
  readonly lines: Readonly<Record<string, string>>;
}

/** What became of a command. */
export interface SendAnswer {
  readonly receipt: Receipt;
  /** For a person. */
  readonly sentence: string;
  /** With `confirmation-required`: what the code is asked for, such as `unlock Front door`. */
  readonly deed?: string;
}

export interface TokenInfo {
  readonly name: string;
  readonly role: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

export interface InviteAnswer {
  /** `xmpp:DOMAIN?register;preauth=TOKEN`, good for one account. */
  readonly uri: string;
  /** The account that it is for. */
  readonly jid: string;
  readonly role: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** Where clients connect. With a fingerprint (SHA-256) from other machines, too, and with TLS. */
  readonly server: { readonly host: string; readonly port: number; readonly fingerprint?: string };
  /** The house's address, to write to afterwards. */
  readonly house: string;
}

/** By what was asked for. */
export interface Answers {
  readonly status: StatusDocument;
  readonly devices: DeviceList;
  readonly send: SendAnswer;
  readonly "token-create": { readonly token: string };
  readonly "token-list": { readonly tokens: readonly TokenInfo[] };
  readonly "token-revoke": { readonly revoked: string };
  readonly invite: InviteAnswer;
}

/** What goes back over the socket. */
export type Reply =
  | { readonly v: number; readonly result: unknown }
  | {
      readonly v: number;
      readonly error: { readonly code: GatewayErrorCode | undefined; readonly message: string };
    };
