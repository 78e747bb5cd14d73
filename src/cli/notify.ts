import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";

const run = promisify(execFile);
const program = "systemd-notify";
const patience = 10_000;
/** Links that come up with the start are soon told of. */
const firstFeeding = 3_000;

/** What systemd hears of a service (sd_notify(3)). */
export interface ServiceManager {
  /** It runs. From now on the watchdog, where the unit has one, is fed, and hears `sentence()` each time. */
  ready(sentence: () => string): void;
  /** It was told to end. */
  stopping(): void;
  /** Resolves when all is said; nothing is said afterwards. */
  end(): Promise<void>;
}

/**
 * The service manager that `environment` names; `undefined` where nobody listens. Its variables are taken out, so that
 * no child answers in our name.
 */
export function serviceManager(environment: NodeJS.ProcessEnv, log: Log): ServiceManager | undefined {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC, WATCHDOG_PID } = environment;
  for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) delete environment[name];
  if (!socket) return undefined;
  const isForUs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  const watchdog = isForUs ? Number(WATCHDOG_USEC ?? 0) / 1000 : 0;
  return new Systemd(socket, watchdog, log);
}

class Systemd implements ServiceManager {
  readonly #socket: string;
  /** Milliseconds of silence after which the service is killed; 0 without a watchdog. */
  readonly #watchdog: number;
  readonly #log: Log;
  #said: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(socket: string, watchdog: number, log: Log) {
    this.#socket = socket;
    this.#watchdog = watchdog;
    this.#log = log;
  }

  ready(sentence: () => string): void {
    this.#say("READY=1", `STATUS=${sentence()}`);
    this.#feed(sentence, Math.min(firstFeeding, this.#watchdog / 2));
  }

  stopping(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#say("STOPPING=1", "STATUS=Stopping");
  }

  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#said;
  }

  /** Each feeding waits for the timer and for the end of the one before: an event loop that stands still feeds nothing. */
  #feed(sentence: () => string, after: number): void {
    if (this.#watchdog === 0 || this.#isOver) return;
    this.#timer = setTimeout(() => {
      const heard = this.#say("WATCHDOG=1", `STATUS=${sentence()}`);
      heard.then(() => this.#feed(sentence, this.#watchdog / 2));
    }, after);
  }

  #say(...assignments: readonly string[]): Promise<void> {
    this.#said = this.#said.then(() => this.#send(assignments));
    return this.#said;
  }

  /** Node has no datagram sockets of the Unix kind; systemd's own program does, and waits until it was heard. */
  async #send(assignments: readonly string[]): Promise<void> {
    try {
      const env = { PATH: process.env.PATH, NOTIFY_SOCKET: this.#socket };
      await run(program, assignments, { env, timeout: patience });
    } catch (error) {
      this.#log.warn({ err: error }, `systemd hears nothing: ${messageOf(error).trim()}`);
    }
  }
}
