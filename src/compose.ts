import { readFileSync } from "node:fs";
import { join } from "node:path";
import { adapterKinds, loadAdapter } from "../adapters/index.js";
import type { Banner } from "./cli/banner.js";
import type { StatusDocument } from "./cli/status-document.js";
import { loadSettings, type Settings } from "./config/settings.js";
import { ControlDesk, type HouseRequest, localOwner } from "./control/desk.js";
import type { Role } from "./core/access.js";
import type { Principal } from "./core/command.js";
import type { DeviceId } from "./core/device.js";
import { messageOf } from "./core/errors.js";
import { House } from "./core/house.js";
import { localeOf } from "./core/locale.js";
import type { Log } from "./core/log.js";
import { People, type Roles } from "./core/people.js";
import { type EmbeddedBroker, startBroker } from "./embedded/broker.js";
import { type EmbeddedProsody, startEmbeddedProsody } from "./embedded/prosody.js";
import { deviceJson } from "./http/device-json.js";
import { startHttp } from "./http/server.js";
import { Tokens } from "./http/tokens.js";
import { packageRoot, version } from "./package.js";
import { nextEpoch } from "./storage/epoch.js";
import { FileStore } from "./storage/file-store.js";
import { deed, sentenceOf } from "./xmpp/chat/sentences.js";
import { XmppFace } from "./xmpp/component.js";
import type { Link } from "./xmpp/link.js";
import { clockTimes } from "./xmpp/moments.js";
import { statusLine } from "./xmpp/status-line.js";
import { createStream } from "./xmpp/stream.js";

/** The XMPP face itself; no JID and no token looks like this. */
const face: Principal = "the XMPP face";
const readyWithin = 15_000;

export interface StartOptions {
  readonly configFile?: string;
  readonly dataDir: string;
  /** Opens the client port of the embedded server to the network, with TLS. */
  readonly lan: boolean;
  readonly log: Log;
  /** Calls off the start. */
  readonly signal: AbortSignal;
}

export interface RunningGateway {
  status(): StatusDocument;
  /** Answers what comes over the control socket. Rejects with what to tell who asked. */
  control(request: HouseRequest): Promise<unknown>;
  /** What to tell the owner. */
  readonly banner: Banner;
  /** Gives every command its receipt, tells everyone, and ends what was started. */
  stop(): Promise<void>;
}

interface Server {
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly tls?: { readonly ca?: string };
  readonly pubsub: string | undefined;
  readonly embedded: EmbeddedProsody | undefined;
}

/** Reads the configuration alone. Rejects with a `ConfigError`. */
export function readSettings(file?: string): Promise<Settings> {
  return loadSettings({
    ...(file === undefined ? {} : { file }),
    kinds: adapterKinds,
    factory: loadAdapter,
    typesDir: join(packageRoot, "devices"),
  });
}

/**
 * Joins the parts and starts them: servers first, then adapters, then faces. Resolves when the embedded server has taken
 * the gateway in; with another server at once, for that may come later. What was started is stopped when a part fails
 * or the start is called off.
 */
export async function startGateway(options: StartOptions): Promise<RunningGateway> {
  const { dataDir, log, signal } = options;
  const settings = await readSettings(options.configFile);
  for (const warning of settings.warnings) log.warn({}, warning);
  const store = FileStore.open(dataDir);
  const tokens = new Tokens(store);
  const tokenFile = await tokens.ensureAdminToken(dataDir);
  const epoch = await nextEpoch(store);

  // What is started together is stopped together, the last first.
  const started: { stop(): Promise<void> }[][] = [];
  const stop = async () => {
    for (const parts of started.splice(0).reverse()) {
      const ends = await Promise.allSettled(parts.map((part) => part.stop()));
      for (const end of ends) {
        if (end.status === "fulfilled") continue;
        log.error({ err: end.reason }, `a part does not stop: ${messageOf(end.reason)}`);
      }
    }
  };
  try {
    const server = await startServer(settings, options);
    if (server.embedded !== undefined) started.push([server.embedded]);
    const { mqtt } = settings;
    const broker = mqtt && (await startBroker({ ...mqtt, dataDir, log: log.child({ part: "mqtt" }) }));
    if (broker !== undefined) started.push([broker]);
    signal.throwIfAborted();

    const people = new People(["configuration"]);
    people.set("configuration", rolesOf(settings, server));
    const own = new Map<Principal, Role>([
      [face, "viewer"],
      [localOwner, "owner"],
    ]);
    const roleOf = (principal: Principal): Role | undefined =>
      own.get(principal) ?? people.roleOf(principal) ?? tokens.roleOf(principal);
    const house = new House({ epoch, roleOf, log });
    people.onChange((principals) => house.onAccessChange(principals));
    await furnish(house, settings, broker);

    const locale = localeOf(settings.home);
    const link = createStream({
      domain: server.domain,
      host: server.host,
      port: server.port,
      ...(server.tls && { tls: server.tls }),
      secret: server.secret,
      isOwnService: (domain) => domain === server.pubsub || server.domain.endsWith(`.${domain}`),
      log,
    });
    const xmpp = new XmppFace({
      link,
      gateway: house,
      store,
      self: face,
      settings: {
        houseName: settings.home.name,
        locale,
        version,
        pubsub: server.pubsub,
        pubsubNames: settings.xmpp.pubsubNames,
        presenceEvery: settings.xmpp.presenceEvery,
        publishEvery: settings.xmpp.publishEvery,
        groups: () => settings.groups,
        people: () => people.all(),
      },
      log,
    });
    const links = () => [
      { name: "xmpp", state: link.state, detail: link.detail },
      ...house.adapters().map(({ name, state, detail }) => ({ name, state, detail })),
    ];
    const isReady = () => links().every(({ state }) => state === "online");
    const jidOf = (id: DeviceId) => `${id}@${server.domain}`;
    const http = await startHttp({
      gateway: house,
      tokens,
      host: settings.http.host,
      port: settings.http.port,
      isDefaultPort: settings.http.isDefault,
      jidOf,
      readiness: () => ({ ready: isReady(), links: links() }),
      log,
    });
    // The house is stopped first, so that the faces can still tell what became of each command.
    started.push([xmpp, http], [house]);
    await house.start();
    xmpp.start();
    if (server.embedded !== undefined) await online(link, signal);

    const desk = new ControlDesk({
      gateway: house,
      deviceJson: (view) => deviceJson(view, jidOf(view.device.id)),
      lineOf: (view) => statusLine(view, clockTimes(locale.timeZone), locale).replace(/^offline /, ""),
      sentenceOf: (receipt, view, channel) => sentenceOf(receipt, view, channel, locale),
      deedOf: (view, channel, value) => deed(view, channel, value, locale),
    });
    return {
      stop,
      banner: {
        server: server.embedded,
        house: `home@${server.domain}`,
        devices: house.devices(face),
        httpUrl: http.url,
        tokenFile,
        mqttUrl: broker?.url,
      },
      status: () => ({
        pid: process.pid,
        version,
        ready: isReady(),
        xmpp: {
          domain: server.domain,
          host: server.host,
          c2sPort: server.embedded?.c2sPort ?? null,
          componentPort: server.port,
          state: link.state,
          detail: link.detail,
        },
        http: { url: http.url },
        mqtt: broker === undefined ? null : { url: broker.url },
        owner: server.embedded?.owner ?? null,
        adapters: house.adapters(),
        devices: { ...house.counts(), pending: 0 },
      }),
      control: (request) => desk.answer(request),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServer({ xmpp }: Settings, { dataDir, lan, log, signal }: StartOptions): Promise<Server> {
  if (xmpp.server === "component") {
    if (lan) log.warn({}, "--lan is for the embedded server; with a server of your own it changes nothing");
    const { domain, host, port, secret, tls, pubsub } = xmpp;
    const ca = tls?.ca === undefined ? {} : { ca: readFileSync(tls.ca, "utf8") };
    return { domain, host, port, secret, ...(tls && { tls: ca }), pubsub, embedded: undefined };
  }
  const embedded = await startEmbeddedProsody({
    dataDir,
    listen: lan ? "lan" : xmpp.listen,
    ...(xmpp.domain === undefined ? {} : { domain: xmpp.domain }),
    log: log.child({ part: "prosody" }),
    signal,
  });
  const { componentDomain: domain, componentPort: port, pubsubDomain: pubsub, host, secret } = embedded;
  return { domain, host, port, secret, pubsub, embedded };
}

/** The owner of the embedded server is one of the house, too. */
function rolesOf(settings: Settings, server: Server): Roles {
  const owners = [...settings.owners, ...(server.embedded === undefined ? [] : [server.embedded.owner.jid])];
  return new Map<Principal, Role>([
    ...settings.people.map(({ jid, role }) => [jid, role] as const),
    ...owners.map((jid) => [jid, "owner"] as const),
  ]);
}

async function furnish(house: House, settings: Settings, broker: EmbeddedBroker | undefined): Promise<void> {
  for (const device of settings.devices) house.put(device);
  for (const { name, kind, settings: own } of settings.adapters) {
    const factory = await loadAdapter(kind);
    house.carry(name, kind, (context) => {
      if (factory === undefined) throw new Error(`no adapter of kind ${kind}`);
      return factory.create(withBroker(own, broker), context);
    });
  }
}

/** In the settings of an adapter, the URL `embedded` is the broker inside the gateway, which knows the gateway. */
function withBroker(settings: unknown, broker: EmbeddedBroker | undefined): unknown {
  const isEmbedded =
    typeof settings === "object" && settings !== null && "url" in settings && settings.url === "embedded";
  return isEmbedded && broker !== undefined ? { ...broker.login, ...settings, url: broker.url } : settings;
}

/** Resolves when the link is up, or when the waiting for it is over: the log says why then. */
function online(link: Link, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, readyWithin);
    const onOver = () => {
      clearTimeout(timer);
      resolve();
    };
    link.on("online", onOver);
    signal.addEventListener("abort", onOver, { once: true });
    if (signal.aborted) onOver();
  });
}
