import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../core/errors.js";
import type { Log } from "../core/log.js";
import { ConfigError } from "./findings.js";
import type { Settings } from "./settings.js";

/** What is read at the start alone. */
const lasting = ["home", "xmpp", "http", "mqtt"] as const;

/** How the file on disk stands to what is in use. */
export interface ConfigStatus {
  /** `null` is the trial house. */
  readonly file: string | null;
  /** What is wrong with the file as it is now; the last good one is in use. */
  readonly problems: readonly string[];
  /** The sections whose changes wait for the next start. */
  readonly restart: readonly string[];
}

/** The settings in use. A changed file takes their place when all of it is right, and else changes nothing. */
export class LiveSettings {
  readonly #started: Settings;
  readonly #load: () => Promise<Settings>;
  readonly #follow: (files: readonly string[]) => void;
  readonly #apply: (settings: Settings) => Promise<void>;
  readonly #log: Log;
  #current: Settings;
  #problems: readonly string[] = [];
  #restart: readonly string[] = [];
  #reload: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor(parts: {
    /** What the gateway was started with. */
    readonly started: Settings;
    readonly load: () => Promise<Settings>;
    /** Told of the files to look at after each reading: also a mistake may be mended in any of them. */
    readonly follow: (files: readonly string[]) => void;
    readonly apply: (settings: Settings) => Promise<void>;
    readonly log: Log;
  }) {
    this.#started = parts.started;
    this.#current = parts.started;
    this.#load = parts.load;
    this.#follow = parts.follow;
    this.#apply = parts.apply;
    this.#log = parts.log;
  }

  get current(): Settings {
    return this.#current;
  }

  status(): ConfigStatus {
    return { file: this.#current.file ?? null, problems: this.#problems, restart: this.#restart };
  }

  /** Reads the file again. Resolves when it is applied or found wrong; never rejects. */
  reload(): Promise<void> {
    this.#isAskedAgain = true;
    this.#reload ??= this.#readAll().finally(() => {
      this.#reload = undefined;
    });
    return this.#reload;
  }

  async #readAll(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      try {
        await this.#take(await this.#load());
      } catch (error) {
        if (error instanceof ConfigError) {
          this.#follow(error.files);
          this.#complain(error.lines);
        } else {
          this.#log.error({ err: error }, `the configuration was not taken: ${messageOf(error)}`);
          this.#complain([messageOf(error)]);
        }
      }
    }
  }

  async #take(settings: Settings): Promise<void> {
    this.#follow(settings.files);
    const { file } = this.#started;
    if (settings.file === undefined && file !== undefined) {
      this.#complain([`${file}: is gone; put it back`]);
      return;
    }
    this.#problems = [];
    const changed = lasting.filter(
      (section) => !isDeepStrictEqual(settings[section], this.#started[section]),
    );
    for (const section of changed.filter((section) => !this.#restart.includes(section))) {
      this.#log.warn({ section }, `${section}: has changed; that takes effect with the next start`);
    }
    this.#restart = changed;
    for (const warning of settings.warnings) this.#log.warn({}, warning);
    this.#current = settings;
    await this.#apply(settings);
    this.#log.info({ file: settings.file }, "the configuration was read again");
  }

  #complain(problems: readonly string[]): void {
    this.#problems = problems;
    for (const problem of problems) this.#log.error({}, problem);
    this.#log.error({}, "the configuration has mistakes; the gateway goes on with the last good one");
  }
}
