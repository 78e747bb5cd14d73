import type { Settings } from "../config/settings.js";
import type { Log } from "../core/log.js";
import { checkAdapters } from "./adapters.js";
import { checkClock } from "./clock.js";
import { checkConfiguration } from "./configuration.js";
import { checkDataDirectory } from "./data-directory.js";
import { checkEmbeddedServer } from "./embedded-server.js";
import type { Finding } from "./finding.js";
import { checkGateway } from "./gateway.js";
import { checkNode } from "./node.js";
import { checkPorts } from "./ports.js";
import { checkSerialPorts } from "./serial-ports.js";
import { checkXmppServer } from "./xmpp-server.js";

interface DoctorOptions {
  readonly configFile?: string;
  readonly dataDir: string;
  readonly log: Log;
}

interface Examination {
  readonly findings: readonly Finding[];
  /** The configuration can be used. */
  readonly isConfigured: boolean;
}

/**
 * Looks at everything that a gateway of this configuration and directory needs. Changes nothing, and takes nothing from
 * a gateway that runs: of its links, it is asked itself.
 */
export async function examine({ configFile, dataDir, log }: DoctorOptions): Promise<Examination> {
  const { settings, findings } = await checkConfiguration(configFile);
  const rest =
    settings === undefined ? await checkSerialPorts() : await checkSurroundings(settings, dataDir, log);
  return {
    isConfigured: settings !== undefined,
    findings: [checkNode(), ...findings, ...(await checkDataDirectory(dataDir)), ...rest],
  };
}

async function checkSurroundings(settings: Settings, dataDir: string, log: Log): Promise<readonly Finding[]> {
  const { isThere, status, findings } = await checkGateway(dataDir);
  const ports = await checkPorts(settings, status);
  const mayConnect = !isThere && !ports.isOtherGateway;
  return [
    ...findings,
    ...(settings.xmpp.server === "embedded" ? checkEmbeddedServer(dataDir) : []),
    ...(settings.xmpp.server === "component" && mayConnect ? await checkXmppServer(settings.xmpp, log) : []),
    ...(mayConnect ? await checkAdapters(settings.adapters, log) : []),
    ...ports.findings,
    await checkClock(settings.home.timezone),
    ...(await checkSerialPorts({ adapters: settings.adapters, gateway: status?.pid })),
  ];
}
