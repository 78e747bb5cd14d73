import { stat } from "node:fs/promises";

/** Milliseconds between two looks. What is the same in two of them is written. */
const lookEvery = 300;

/**
 * Looks at files from time to time, also at those that are not there yet: whoever changes them, however an editor saves them,
 * behind links and mounts.
 */
export class FileWatch {
  #files: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** How each file was when it was last read. */
  readonly #read = new Map<string, Promise<string>>();
  #last = "";

  /**
   * `onChange` is called when one of the files was written, made, removed, or given other rights: until `stop`, and also for
   * what changed since they are followed.
   */
  start(onChange: () => void): void {
    this.#timer = setInterval(() => void this.#look(onChange), lookEvery);
  }

  /** From now on these. Resolves when it knows how they are. */
  async follow(files: readonly string[]): Promise<void> {
    this.#files = files;
    for (const file of files) if (!this.#read.has(file)) this.#read.set(file, look(file));
    await Promise.all(this.#read.values());
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  async #look(onChange: () => void): Promise<void> {
    const files = this.#files;
    const now = await Promise.all(files.map(look));
    const read = await Promise.all(files.map((file) => this.#read.get(file)));
    const isAtRest = now.join() === this.#last;
    this.#last = now.join();
    if (!isAtRest || now.every((state, index) => state === read[index])) return;
    files.forEach((file, index) => {
      this.#read.set(file, Promise.resolve(now[index] ?? ""));
    });
    onChange();
  }
}

/** Differs when the file does. */
async function look(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return "none";
  }
}
