import type { AdapterStatus } from "../core/events.js";

/** What `homeroster status --json` prints. */
export interface StatusDocument {
  readonly pid: number;
  readonly version: string;
  /** Every link that the configuration names is up. */
  readonly ready: boolean;
  readonly xmpp: {
    readonly domain: string;
    readonly host: string;
    /** Where clients log in, with the embedded server. */
    readonly c2sPort: number | null;
    /** The address for that: of the network with `--lan`, else loopback. */
    readonly c2sHost: string | null;
    readonly componentPort: number;
    readonly state: "connecting" | "online" | "auth-failed" | "offline";
    /** Why it is not online: a sentence for a person, else empty. */
    readonly detail: string;
  };
  readonly http: { readonly url: string };
  readonly mqtt: { readonly url: string } | null;
  readonly owner: { readonly jid: string; readonly passwordFile: string } | null;
  readonly config: {
    /** `null` is the trial house. */
    readonly file: string | null;
    /** What is wrong with the file as it is now; the last good one is in use. */
    readonly problems: readonly string[];
    /** The sections whose changes wait for the next start. */
    readonly restart: readonly string[];
  };
  readonly adapters: readonly AdapterStatus[];
  readonly devices: {
    readonly total: number;
    readonly online: number;
    readonly offline: number;
    readonly unknown: number;
    /** Found, but not yet accepted. */
    readonly pending: number;
  };
}

/** Of a gateway that is on its way: nothing is known yet. */
export function startingStatus(version: string): StatusDocument {
  return {
    pid: process.pid,
    version,
    ready: false,
    xmpp: {
      domain: "",
      host: "",
      c2sPort: null,
      c2sHost: null,
      componentPort: 0,
      state: "connecting",
      detail: "",
    },
    http: { url: "" },
    mqtt: null,
    owner: null,
    config: { file: null, problems: [], restart: [] },
    adapters: [],
    devices: { total: 0, online: 0, offline: 0, unknown: 0, pending: 0 },
  };
}
