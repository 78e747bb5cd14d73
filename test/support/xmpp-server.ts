/** A real XMPP server of one test. Plain text, loopback only; the accounts' passwords are their names. */
export interface TestXmppServer {
  readonly domain: "house.test";
  readonly component: "iot.house.test";
  readonly pubsub: "pubsub.house.test";
  readonly upload: "upload.house.test";
  readonly secret: string;
  readonly host: "127.0.0.1";
  /** Of the component listener. */
  readonly port: number;
  readonly c2sPort: number;
  readonly pid: number;
  readonly logFile: string;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** After `kill`: same ports, same data; resolves when it accepts connections. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const testUsers = ["owner", "guest", "mallory"];

const domain = "house.test";

/** What all test servers have in common. */
export const testServerNames = {
  domain,
  component: `iot.${domain}`,
  pubsub: `pubsub.${domain}`,
  upload: `upload.${domain}`,
  secret: "component-secret",
  host: "127.0.0.1",
} as const;

/** What a PubSub service answers to those who are no members: Prosody the one, ejabberd the other (XEP-0060 §6.5.9.5). */
export const closedToThem = /^(forbidden|not-allowed)$/;
