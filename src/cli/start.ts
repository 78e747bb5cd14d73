import type { EventEmitter } from "node:events";
import { type RunningGateway, startGateway } from "../compose.js";
import { ControlSocket } from "../control/socket.js";
import { GatewayError } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { version } from "../package.js";
import { bannerText } from "./banner.js";
import { makeDataDirectory } from "./data-directory.js";
import { exitCode } from "./exit-code.js";
import type { ServiceManager } from "./notify.js";
import { type StatusDocument, startingStatus } from "./status-document.js";

const stopWithin = 10_000;

/** One Ctrl-C can arrive twice: the terminal gives it to npm and to the gateway, and npm passes its own on. */
const oneWishWithin = 1_000;

interface StartOptions {
  readonly configFile?: string;
  readonly dataDir: string;
  readonly lan: boolean;
  readonly log: Log;
  /** Hears when the gateway runs and when it stops. */
  readonly manager?: ServiceManager | undefined;
}

/** What the process gives: where signals come from, and the way out when there is no time left. */
interface Surroundings {
  readonly signals: EventEmitter;
  readonly launch: typeof startGateway;
  readonly exit: (code: number) => void;
  readonly screen: { readonly isTTY?: boolean; write(text: string): unknown };
}

const theProcess: Surroundings = {
  signals: process,
  launch: startGateway,
  exit: process.exit,
  screen: process.stdout,
};

/**
 * Runs the gateway until a signal ends it, also while it starts. Resolves to the exit code when everything is stopped; a
 * signal a second later, or ten seconds, end the process at once. Rejects when the gateway cannot start.
 */
export async function start(options: StartOptions, surroundings = theProcess): Promise<number> {
  const stopping = new Stopping(options.log, surroundings);
  let gateway: RunningGateway | undefined;
  // A terminal that closes ends what runs in it; a service is asked to read its configuration again.
  const onHangup = () => {
    if (surroundings.screen.isTTY === true) stopping.ask();
    else void gateway?.reload();
  };
  surroundings.signals.on("SIGHUP", onHangup);
  const { manager } = options;
  stopping.asked.then(() => manager?.stopping());
  try {
    const dataDir = await makeDataDirectory(options.dataDir);
    const socket = await ControlSocket.open(dataDir, (request) => {
      if (request.do === "status") return gateway?.status() ?? startingStatus(version);
      if (gateway !== undefined) return gateway.control(request);
      throw new GatewayError("busy", "Homeroster is still starting; try again in a moment.");
    });
    try {
      options.log.info({ version, dataDir }, `Homeroster ${version} starts in ${dataDir}`);
      gateway = await launch({ ...options, dataDir, signal: stopping.signal }, surroundings);
      if (gateway !== undefined) await runUntilAsked(gateway, stopping, { ...options, ...surroundings });
      options.log.info({}, "stopped");
      return exitCode.done;
    } finally {
      await socket.close();
    }
  } finally {
    surroundings.signals.off("SIGHUP", onHangup);
    await manager?.end();
    stopping.end();
  }
}

/** `undefined` when the start was called off. */
async function launch(
  options: Parameters<typeof startGateway>[0],
  surroundings: Surroundings,
): Promise<RunningGateway | undefined> {
  try {
    return await surroundings.launch(options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    return undefined;
  }
}

async function runUntilAsked(
  gateway: RunningGateway,
  stopping: Stopping,
  { log, manager, screen }: Pick<StartOptions, "log" | "manager"> & Pick<Surroundings, "screen">,
): Promise<void> {
  try {
    if (!stopping.signal.aborted) {
      const { url } = gateway.status().http;
      log.info({ url }, `running; HTTP at ${url}`);
      screen.write(await bannerText(gateway.banner, screen.isTTY === true));
      manager?.ready(() => oneLine(gateway.status()));
    }
    await stopping.asked;
  } finally {
    await gateway.stop();
  }
}

function oneLine({ ready, xmpp, devices }: StatusDocument): string {
  const state = ready ? "Ready" : "Not ready";
  return `${state}; ${xmpp.domain} is ${xmpp.state}; ${devices.online} of ${devices.total} devices are online`;
}

/** The wish to stop, from the first signal on. */
class Stopping {
  readonly asked: Promise<void>;
  readonly #controller = new AbortController();
  readonly #log: Log;
  readonly #surroundings: Surroundings;
  #deadline: NodeJS.Timeout | undefined;
  #askedAt = 0;

  constructor(log: Log, surroundings: Surroundings) {
    this.#log = log;
    this.#surroundings = surroundings;
    this.asked = new Promise((resolve) => {
      this.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    for (const name of ["SIGINT", "SIGTERM"]) surroundings.signals.on(name, this.ask);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#deadline);
    for (const name of ["SIGINT", "SIGTERM"]) this.#surroundings.signals.off(name, this.ask);
  }

  /** Once to stop, twice to leave at once. */
  readonly ask = (): void => {
    if (this.signal.aborted) {
      if (performance.now() - this.#askedAt < oneWishWithin) return;
      this.#log.warn({}, "asked twice to stop; leaving at once");
      this.#surroundings.exit(exitCode.failed);
      return;
    }
    this.#askedAt = performance.now();
    this.#log.info({}, "stopping");
    this.#deadline = setTimeout(() => {
      this.#log.error({}, `not stopped after ${stopWithin / 1000} s; leaving`);
      this.#surroundings.exit(exitCode.failed);
    }, stopWithin);
    this.#controller.abort();
  };
}
