import { join } from "node:path";
import { adapterKinds, loadAdapter } from "../adapters/index.js";
import type { Banner } from "./cli/banner.js";
import type { StatusDocument } from "./cli/status-document.js";
import { adapterMaker } from "./compose/furniture.js";
import { keepDoor } from "./compose/invitations.js";
import { online, rolesOf, startServer } from "./compose/server.js";
import { Furnishing } from "./config/furnishing.js";
import { LiveSettings } from "./config/live-settings.js";
import { loadSettings, type Settings } from "./config/settings.js";
import { FileWatch } from "./config/watch.js";
import { ControlDesk, type HouseRequest, localOwner } from "./control/desk.js";
import type { Role } from "./core/access.js";
import type { Principal } from "./core/command.js";
import type { DeviceId } from "./core/device.js";
import { messageOf } from "./core/errors.js";
import { House } from "./core/house.js";
import { localeOf } from "./core/locale.js";
import type { Log } from "./core/log.js";
import { People } from "./core/people.js";
import { deviceJson } from "./http/device-json.js";
import { startHttp } from "./http/server.js";
import { Tokens } from "./http/tokens.js";
import { packageRoot, version } from "./package.js";
import { nextEpoch } from "./storage/epoch.js";
import { FileStore } from "./storage/file-store.js";
import { deed, sentenceOf } from "./xmpp/chat/sentences.js";
import { XmppFace } from "./xmpp/component.js";
import { clockTimes } from "./xmpp/moments.js";
import { statusLine } from "./xmpp/status-line.js";
import { createStream } from "./xmpp/stream.js";

/** The XMPP face itself; no JID and no token looks like this. */
const face: Principal = "the XMPP face";

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
  /** Reads the configuration again. Resolves when it is applied or found wrong. */
  reload(): Promise<void>;
  /** What to tell the owner. */
  readonly banner: Banner;
  /** Gives every command its receipt, tells everyone, and ends what was started. */
  stop(): Promise<void>;
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

/** The tokens of a data directory in which no gateway runs. */
export function openTokens(dataDir: string): Tokens {
  return new Tokens(FileStore.open(dataDir));
}

/**
 * Joins the parts and starts them: servers first, then adapters, then faces. Resolves when the embedded server has taken
 * the gateway in; with another server at once, for that may come later. What was started is stopped when a part fails
 * or the start is called off.
 */
export async function startGateway(options: StartOptions): Promise<RunningGateway> {
  const { dataDir, log, signal } = options;
  const settings = await readSettings(options.configFile);
  const watch = new FileWatch();
  await watch.follow(settings.files);
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
    const broker =
      mqtt &&
      (await (await brokerRoom()).startBroker({ ...mqtt, dataDir, log: log.child({ part: "mqtt" }) }));
    if (broker !== undefined) started.push([broker]);
    signal.throwIfAborted();

    const people = new People(["configuration", "invited"]);
    people.set("configuration", rolesOf(settings, server));
    const own = new Map<Principal, Role>([
      [face, "viewer"],
      [localOwner, "owner"],
    ]);
    const roleOf = (principal: Principal): Role | undefined =>
      own.get(principal) ?? people.roleOf(principal) ?? tokens.roleOf(principal);
    const house = new House({ epoch, roleOf, log });
    people.onChange((principals) => house.onAccessChange(principals));
    const furnishing = new Furnishing(house, adapterMaker(broker), log);
    await furnishing.apply(settings);
    const live = new LiveSettings({
      started: settings,
      load: () => readSettings(options.configFile),
      follow: (files) => void watch.follow(files),
      apply: async (next) => {
        people.set("configuration", rolesOf(next, server));
        await furnishing.apply(next);
      },
      log: log.child({ part: "configuration" }),
    });
    watch.start(() => void live.reload());
    started.push([watch]);

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
    const door = keepDoor({ server, link, store, people });
    started.push([door]);
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
        groups: () => live.current.groups,
        people: () => people.all(),
      },
      log,
    });
    const links = () => [
      { name: "xmpp", state: link.state },
      ...house.adapters().map(({ name, state }) => ({ name, state })),
    ];
    const isReady = () => links().every(({ state }) => state === "online");
    const jidOf = (id: DeviceId) => `${id}@${server.domain}`;
    const http = await startHttp({
      gateway: house,
      hooks: house.hooks,
      tokens,
      host: settings.http.host,
      port: settings.http.port,
      isDefaultPort: settings.http.isDefault,
      version,
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
      tokens,
      locale,
      invite: door.invite,
      deviceJson: (view) => deviceJson(view, jidOf(view.device.id)),
      lineOf: (view) => statusLine(view, clockTimes(locale.timeZone), locale).replace(/^offline /, ""),
      sentenceOf: (receipt, view, channel) => sentenceOf(receipt, view, channel, locale),
      deedOf: (view, channel, value) => deed(view, channel, value, locale),
    });
    return {
      stop,
      reload: () => live.reload(),
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
          c2sHost: server.embedded?.c2sHost ?? null,
          componentPort: server.port,
          state: link.state,
          detail: link.detail,
        },
        http: { url: http.url },
        mqtt: broker === undefined ? null : { url: broker.url },
        owner: server.embedded?.owner ?? null,
        config: live.status(),
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

/** Loaded when the configuration has a broker; its library takes a tenth of the time that all of them do. */
function brokerRoom() {
  return import("./embedded/broker.js");
}
