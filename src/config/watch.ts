import { type FSWatcher, watch } from "chokidar";

/** Milliseconds in which a file must not grow before it counts as written. */
const writtenAfter = 200;
const lookEvery = 50;

/** Watches files, also those that are not there yet, however an editor saves them. */
export class FileWatch {
  /** Resolves when nothing that happens to them is missed any more. */
  readonly ready: Promise<void>;
  readonly #watcher: FSWatcher;
  #files: ReadonlySet<string>;

  /** `onChange` is called when one of them was written, made or removed; `onError` when they can no longer be watched. */
  constructor(files: readonly string[], on: { change: () => void; error: (error: unknown) => void }) {
    this.#files = new Set(files);
    this.#watcher = watch([...this.#files], {
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: writtenAfter, pollInterval: lookEvery },
    });
    this.ready = new Promise((resolve) => this.#watcher.once("ready", resolve));
    this.#watcher.on("all", on.change);
    this.#watcher.on("error", on.error);
  }

  /** From now on these. */
  follow(files: readonly string[]): void {
    const wanted = new Set(files);
    this.#watcher.add([...wanted].filter((file) => !this.#files.has(file)));
    this.#watcher.unwatch([...this.#files].filter((file) => !wanted.has(file)));
    this.#files = wanted;
  }

  stop(): Promise<void> {
    return this.#watcher.close();
  }
}
