import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayProcess } from "../support/gateway-process.js";
import { type Heard, type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";
import type { TestXmppServer } from "../support/xmpp-server.js";

interface HeardPresence {
  readonly type: string;
  readonly status: string;
}

/** A gateway as a user runs it, beside a real XMPP server, and its owner with a client of another language. */
export interface OwnedHouse {
  readonly server: TestXmppServer;
  readonly gateway: GatewayProcess;
  readonly owner: SlixmppOwner;
  subscribe(device: string): void;
  /** The first presence of the device that fits. */
  presence(device: string, isMeant: (presence: HeardPresence) => boolean): Promise<HeardPresence>;
  say(device: string, body: string): void;
  /** The next message of the device. */
  answer(device: string): Promise<string>;
  /** Says it, and waits for the answer. */
  ask(device: string, body: string): Promise<string>;
  close(): Promise<void>;
}

/** `yaml` is what the configuration has beside the server, the owner and HTTP. Resolves when the house is ready. */
export async function openHouse(start: () => Promise<TestXmppServer>, yaml: string): Promise<OwnedHouse> {
  const server = await start();
  const directory = await mkdtemp(join(tmpdir(), "homeroster-config-"));
  const configFile = join(directory, "homeroster.yaml");
  await writeFile(join(directory, "secrets.yaml"), `component: ${server.secret}\n`, { mode: 0o600 });
  await writeFile(
    configFile,
    `
xmpp:
  server: component
  domain: ${server.component}
  port: ${server.port}
  secret: !secret component
  pubsub: ${server.pubsub}
owners: [owner@house.test]
http: { listen: 127.0.0.1:0 }
${yaml}`,
  );
  const gateway = await GatewayProcess.start(["--config", configFile]);
  let owner: SlixmppOwner | undefined;
  const close = async () => {
    await owner?.stop();
    await gateway.remove();
    await server.stop();
    await rm(directory, { recursive: true });
  };
  try {
    await gateway.until(({ ready }) => ready);
    owner = await slixmppOwner("owner@house.test", "owner", server.c2sPort);
    return { server, gateway, owner, ...conversation(owner, server.component), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function conversation(owner: SlixmppOwner, domain: string) {
  const jidOf = (device: string) => `${device}@${domain}`;
  const say = (device: string, body: string) => owner.do({ do: "say", jid: jidOf(device), body });
  const answer = async (device: string) => {
    const isOurs = ({ got, sender }: Heard) => got === "message" && sender === jidOf(device);
    return String((await owner.hear(`a message of ${device}`, isOurs)).body);
  };
  return {
    subscribe: (device: string) => owner.do({ do: "subscribe", jid: jidOf(device) }),
    presence: async (device: string, isMeant: (presence: HeardPresence) => boolean) =>
      presenceOf(
        await owner.hear(`the presence of ${device}`, (heard) => {
          const { got, sender, resource } = heard;
          const isOurs = got === "presence" && sender === jidOf(device) && resource === "device";
          return isOurs && isMeant(presenceOf(heard));
        }),
      ),
    say,
    answer,
    ask: (device: string, body: string) => {
      say(device, body);
      return answer(device);
    },
  };
}

function presenceOf({ type, status }: Heard): HeardPresence {
  return { type: String(type), status: String(status) };
}
