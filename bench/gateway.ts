import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../src/package.js";
import { ask, type Child, startProgram } from "./child.js";
import { devicesYaml, owner } from "./house.js";
import type { Servers } from "./servers.js";

/** What differs from the defaults; data directories are kept from one start to the next. */
export interface GatewaySetup {
  readonly name: string;
  readonly devices: number;
  readonly pubsub: boolean;
}

/** The program as a user runs it: compiled, in a process of its own, with a configuration file. */
export async function startGateway(
  { xmpp, broker }: Servers,
  setup: GatewaySetup,
  directory: string,
): Promise<Child> {
  const home = join(directory, setup.name);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "secrets.yaml"), `component: ${xmpp.secret}\n`, { mode: 0o600 });
  const file = join(home, "homeroster.yaml");
  await writeFile(
    file,
    `
xmpp:
  server: component
  domain: ${xmpp.component}
  port: ${xmpp.port}
  secret: !secret component
  presenceEvery: 0
  publishEvery: 0
${setup.pubsub ? `  pubsub: ${xmpp.pubsub}` : ""}
owners: [${owner}@${xmpp.domain}]
http: { listen: 127.0.0.1:0 }
adapters: { broker: { kind: mqtt, url: ${broker.url} } }
${devicesYaml(setup.devices)}`,
  );
  const probe = fileURLToPath(new URL("heap-probe.js", import.meta.url));
  const program = join(packageRoot, "bin/homeroster.js");
  return startProgram(
    process.execPath,
    ["--expose-gc", "--import", probe, program, "start", "--config", file, "--data", join(home, "data")],
    {
      cwd: home,
      hasChannel: true,
      environment: { LOG_LEVEL: "info" },
      ready: [/link to the XMPP server is up/, /"adapter":"broker".*online|online.*"adapter":"broker"/],
    },
  );
}

/** Bytes on the heap of a running gateway that are in use, after a collection. */
export async function heapOf(gateway: Child): Promise<number> {
  const { heapUsed } = await ask<{ heapUsed: number }>(gateway, {});
  return heapUsed;
}
