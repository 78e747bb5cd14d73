import type { EventEmitter } from "node:events";
import { chmod, mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { type RunningGateway, startGateway } from "../compose.js";
import type { Log } from "../core/log.js";
import { version } from "../package.js";
import { bannerText } from "./banner.js";
import { exitCode } from "./exit-code.js";
import { startingStatus } from "./status-document.js";
import { StatusSocket } from "./status-socket.js";

const stopWithin = 10_000;

export interface StartOptions {
  readonly configFile?: string;
  readonly dataDir: string;
  readonly lan: boolean;
  readonly log: Log;
}

/** What the process gives: where signals come from, and the way out when there is no time left. */
export interface Surroundings {
  readonly signals: EventEmitter;
  readonly launch: typeof startGateway;
  readonly exit: (code: number) => void;
}

const theProcess: Surroundings = { signals: process, launch: startGateway, exit: process.exit };

/**
 * Runs the gateway until a signal ends it. Resolves to the exit code when everything is stopped; a second signal, or ten
 * seconds, end the process at once. Rejects when the gateway cannot start.
 */
export async function start(options: StartOptions, surroundings = theProcess): Promise<number> {
  const { log } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await chmod(dataDir, 0o700);
  let gateway: RunningGateway | undefined;
  const socket = await StatusSocket.open(dataDir, () => gateway?.status() ?? startingStatus(version));
  const stopping = new Stopping(log, surroundings);
  try {
    log.info({ version, dataDir }, "starting");
    gateway = await surroundings.launch({ ...options, dataDir });
    log.info({}, "running");
    if (!stopping.isAsked && gateway.banner !== undefined)
      process.stdout.write(await bannerText(gateway.banner));
    await stopping.asked;
    await gateway.stop();
    log.info({}, "stopped");
    return exitCode.done;
  } finally {
    await socket.close();
    stopping.end();
  }
}

/** The wish to stop, from the first signal on. */
class Stopping {
  readonly asked: Promise<void>;
  isAsked = false;
  readonly #log: Log;
  readonly #surroundings: Surroundings;
  #deadline: NodeJS.Timeout | undefined;
  #onAsked: () => void = () => undefined;

  constructor(log: Log, surroundings: Surroundings) {
    this.#log = log;
    this.#surroundings = surroundings;
    this.asked = new Promise((resolve) => {
      this.#onAsked = resolve;
    });
    for (const name of ["SIGINT", "SIGTERM"]) surroundings.signals.on(name, this.#onSignal);
  }

  end(): void {
    clearTimeout(this.#deadline);
    for (const name of ["SIGINT", "SIGTERM"]) this.#surroundings.signals.off(name, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    if (this.isAsked) {
      this.#log.warn({}, "asked twice to stop; leaving at once");
      this.#surroundings.exit(exitCode.failed);
      return;
    }
    this.isAsked = true;
    this.#log.info({}, "stopping");
    this.#deadline = setTimeout(() => {
      this.#log.error({}, `not stopped after ${stopWithin / 1000} s; leaving`);
      this.#surroundings.exit(exitCode.failed);
    }, stopWithin);
    this.#onAsked();
  };
}
