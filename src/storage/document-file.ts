import { replaceFile } from "../core/private-file.js";

/** One file that is replaced whole. While one replacement is under way, only the newest text waits. */
export class DocumentFile {
  readonly path: string;
  #newest = "";
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Resolves when this text or a newer one is on disk. */
  write(text: string): Promise<void> {
    this.#newest = text;
    this.#waiting ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#waiting = undefined;
        this.#running = replaceFile(this.path, this.#newest);
        return this.#running;
      });
    return this.#waiting;
  }
}
