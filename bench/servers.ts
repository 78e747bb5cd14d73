import { spawnSync } from "node:child_process";
import { unpackPackages } from "../src/embedded/debian-packages.js";
import { findOnSystem } from "../src/embedded/package-tree.js";
import { startEjabberd } from "../test/support/ejabberd.js";
import { startMosquitto, type TestMosquitto } from "../test/support/mosquitto.js";
import {
  interopPackageDirectory,
  interopPackages,
  packageDirectory,
  testPackages,
  testProgram,
} from "../test/support/packages.js";
import { startProsody } from "../test/support/prosody.js";
import type { TestXmppServer } from "../test/support/xmpp-server.js";

export type XmppServerKind = "prosody" | "ejabberd";

export interface Servers {
  readonly xmpp: TestXmppServer;
  readonly broker: TestMosquitto;
  stop(): Promise<void>;
}

/** Starts real servers of our own, on free loopback ports. */
export async function startServers(kind: XmppServerKind): Promise<Servers> {
  if (findOnSystem("apt-get") !== undefined) {
    await unpackPackages(testPackages, packageDirectory);
    if (kind === "ejabberd") await unpackPackages(interopPackages, interopPackageDirectory);
  }
  const xmpp = kind === "ejabberd" ? await startEjabberd() : await startProsody();
  const broker = await startMosquitto({ config: ["max_queued_messages 0"], isVerbose: false });
  return {
    xmpp,
    broker,
    stop: async () => {
      await Promise.all([xmpp.stop(), broker.stop()]);
    },
  };
}

export function mosquittoVersion(): string {
  const { command, environment } = testProgram("mosquitto");
  // It has no other way to tell, and calls this one a failure.
  const { stdout } = spawnSync(command, ["-h"], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  return /version (\S+)/.exec(stdout)?.[1] ?? "unknown";
}
