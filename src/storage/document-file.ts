import { open, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";

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

async function replaceFile(path: string, text: string): Promise<void> {
  await writeFileAtomic(path, "", {
    mode: 0o600,
    // The package writes once and does not look how much of it went out: a disk that fills up in the middle would leave
    // half a document. This one writes everything or fails.
    tmpfileCreated: (temporary) => writeFile(temporary, text),
  });
  // The package does not sync the directory, and until then a power cut may undo the renaming.
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
