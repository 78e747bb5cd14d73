import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { GatewayError, messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { networkAddress } from "../core/network-address.js";
import { keepText, replaceFile } from "../core/private-file.js";
import { keepCertificates, type Openssl } from "./certificates.js";
import { unpackPackages } from "./debian-packages.js";
import { withFreePorts } from "./free-ports.js";
import { writeInvitationModule } from "./invitation-module.js";
import { keepOwner } from "./owner-account.js";
import { findInTree, findOnSystem, openPackageTree, type PackageTree } from "./package-tree.js";
import { accountFile } from "./prosody-account.js";
import { domainsOf, type ProsodySettings, prosodyConfig } from "./prosody-config.js";
import { fixedDomain } from "./prosody-domain.js";
import { type ProsodyLine, runProsody } from "./prosody-process.js";
import {
  communityModules,
  modulesBelow,
  type ProsodyProgram,
  systemProsody,
  unpackedProsody,
} from "./prosody-program.js";
import { ProsodySupervisor } from "./prosody-supervisor.js";
import { rememberedPort } from "./remembered-ports.js";

const loopback = "127.0.0.1";
/** A Prosody that is there already does not wait longer for its community modules. */
const modulesWithin = 60_000;

interface EmbeddedProsodyOptions {
  readonly dataDir: string;
  /** `lan` opens the client port, and that alone, to the network, with TLS. */
  readonly listen: "loopback" | "lan";
  /** `<hostname>.local` by default. Fixed at the first start. */
  readonly domain?: string;
  readonly log: Log;
  /** Calls off the start; what runs already is left alone. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedProsody {
  readonly domain: string;
  readonly componentDomain: string;
  readonly pubsubDomain: string;
  /** Of the component. */
  readonly secret: string;
  readonly host: "127.0.0.1";
  readonly componentPort: number;
  readonly c2sPort: number;
  /** Where clients reach that port: the address in the network with `listen: "lan"`, else loopback. */
  readonly c2sHost: string;
  /** The owner's account, and the private file with the password it had when it was made. */
  readonly owner: { readonly jid: string; readonly passwordFile: string };
  readonly hasAccount: (user: string) => boolean;
  /** With `listen: "lan"`: what clients are shown. SHA-256. */
  readonly ca?: { readonly file: string; readonly fingerprint: string; readonly serverFingerprint: string };
  /** Of the process that runs now. */
  readonly pid: number | undefined;
  /** Resolves when the process and its ports are gone: at once, or after 5 s by force. */
  stop(): Promise<void>;
}

/**
 * Starts a private Prosody with everything that the gateway and its people need, and resolves when it accepts
 * connections. It is started again when it ends by itself, and never outlives this process. Throws "config-invalid" for
 * a domain that cannot be, "adapter-failed" when there is no Prosody to be had or it does not start. Called off, it rejects
 * too, and nothing is left behind.
 */
export async function startEmbeddedProsody(options: EmbeddedProsodyOptions): Promise<EmbeddedProsody> {
  const { listen, log } = options;
  const dataDir = resolve(options.dataDir);
  const directory = join(dataDir, "prosody");
  const dataPath = join(directory, "data");
  const certificates = join(directory, "certificates");
  const ownModules = join(directory, "modules");
  for (const each of [dataDir, directory, dataPath, certificates, ownModules])
    await mkdir(each, { recursive: true, mode: 0o700 });
  await writeInvitationModule(ownModules);

  const domain = await fixedDomain(join(directory, "domain"), options.domain);
  const secret = await keepText(join(directory, "component-secret"), () => randomBytes(32).toString("hex"));
  const passwordFile = join(dataDir, "owner-password");
  await keepOwner(dataPath, domain, passwordFile);

  const packages = join(dataDir, "packages");
  const unpack = unpackerFor(packages, options);
  const program = await findProsody({ ...options, directory, packages, unpack });
  const tls =
    listen === "lan" ? await keepCertificates(certificates, domain, await findOpenssl(unpack)) : undefined;
  const configFile = join(directory, "prosody.cfg.lua");
  let ports: ProsodySettings["ports"] = { component: 0, c2s: 0, http: 0 };
  const run = async (signal: AbortSignal) => {
    const settings = {
      domain,
      secret,
      dataPath,
      certificates,
      ports,
      c2sInterfaces: interfacesOf(listen),
      ...(tls && { tls }),
      modules: program.modules,
      ownModules,
    };
    await replaceFile(configFile, prosodyConfig(settings));
    const onLine = ({ level, text }: ProsodyLine) => {
      // Its warnings are mostly about what clients do.
      if (level === "error") log.warn({}, text);
      else log.debug({}, text);
    };
    return runProsody(program, configFile, { ports: Object.values(ports), onLine, signal });
  };

  const supervisor = new ProsodySupervisor(run, log);
  await withFreePorts(async () => {
    ports = await choosePorts(dataDir, listen, log);
    await supervisor.start(options.signal);
  });
  const domains = domainsOf(domain);
  return {
    domain,
    componentDomain: domains.component,
    pubsubDomain: domains.pubsub,
    secret,
    host: loopback,
    componentPort: ports.component,
    c2sPort: ports.c2s,
    c2sHost: (listen === "lan" ? networkAddress() : undefined) ?? loopback,
    owner: { jid: `owner@${domain}`, passwordFile },
    hasAccount: (user) => existsSync(accountFile(dataPath, domain, user)),
    ...(tls === undefined ? {} : { ca: { ...tls.ca, serverFingerprint: tls.fingerprint } }),
    get pid() {
      return supervisor.pid;
    },
    stop: () => supervisor.stop(),
  };
}

async function choosePorts(dataDir: string, listen: EmbeddedProsodyOptions["listen"], log: Log) {
  const clientHost = listen === "lan" ? "0.0.0.0" : loopback;
  return {
    component: await rememberedPort(dataDir, "component", loopback, 5347, log),
    c2s: await rememberedPort(dataDir, "c2s", clientHost, 5222, log),
    http: await rememberedPort(dataDir, "upload", loopback, 5280, log),
  };
}

/** Prosody takes an address family that the system lacks for a taken port. */
function interfacesOf(listen: EmbeddedProsodyOptions["listen"]): string[] {
  if (listen === "loopback") return [loopback];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === "IPv6") ? ["*", "::"] : ["*"];
}

/** With the community modules if they can be had: devices reach rosters without them, too, but by hand. */
async function findProsody({
  directory,
  packages,
  unpack,
  log,
  signal,
}: EmbeddedProsodyOptions & {
  readonly directory: string;
  readonly packages: string;
  readonly unpack: Unpacker;
}): Promise<ProsodyProgram> {
  const system = systemProsody();
  if (system?.modules !== undefined) return system;
  const own = system === undefined ? ["prosody"] : [];
  const isAtHand = system !== undefined || findInTree(openPackageTree(packages), "prosody") !== undefined;
  let tree: PackageTree;
  try {
    tree = await unpack([...own, communityModules], isAtHand ? modulesWithin : undefined);
  } catch (error) {
    signal?.throwIfAborted();
    log.warn({}, `Devices do not come onto rosters by themselves: ${messageOf(error)}`);
    return system ?? unpackedProsody(await unpack(own), directory);
  }
  return system === undefined
    ? unpackedProsody(tree, directory)
    : { ...system, modules: modulesBelow(tree.directory) };
}

async function findOpenssl(unpack: Unpacker): Promise<Openssl> {
  const system = findOnSystem("openssl");
  if (system !== undefined) return { command: system, environment: {} };
  const tree = await unpack(["openssl"]);
  const command = findInTree(tree, "openssl");
  if (command !== undefined) return { command, environment: tree.environment };
  throw new GatewayError(
    "adapter-failed",
    "Certificates need openssl, and it could not be found or unpacked; install it.",
  );
}

/** `within` so many milliseconds, where that matters less than the start. */
type Unpacker = (names: readonly string[], within?: number) => Promise<PackageTree>;

function unpackerFor(directory: string, { log, signal }: EmbeddedProsodyOptions): Unpacker {
  return (names, within) => {
    const ends = [signal ?? [], within === undefined ? [] : AbortSignal.timeout(within)].flat();
    return unpackPackages(names, directory, {
      signal: AbortSignal.any(ends),
      onWork: () =>
        log.info(
          {},
          `There is no ${names.join(" and no ")} here; unpacking it privately from Debian's packages, this once.`,
        ),
    });
  };
}
