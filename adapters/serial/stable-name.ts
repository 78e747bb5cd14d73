import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where the system keeps names that stay with a device, whatever number it gets. */
const directories = ["/dev/serial/by-id", "/dev/serial/by-path"];

/** How often it is looked whether the name still leads to the device that was opened. */
const lookEvery = 2000;

/**
 * The port behind a path, wherever it is plugged in. A link such as those below /dev/serial/by-id is followed anew each time; of a
 * plain /dev/ttyUSB0 the link that leads to it is remembered, and from then on only that counts: what has the number
 * later may be another device.
 */
export class StableName {
  readonly #directories: readonly string[];
  #path: string;

  constructor(path: string, among: readonly string[] = directories) {
    this.#path = path;
    this.#directories = among;
  }

  /** The name that counts. */
  get path(): string {
    return this.#path;
  }

  /** The device that it leads to now. Rejects where it leads to none. */
  async resolve(): Promise<string> {
    const port = await realpath(this.#path);
    if (port === this.#path) this.#path = (await linkTo(port, this.#directories)) ?? this.#path;
    return port;
  }

  /** Looks every two seconds; `onMoved` is called once when the name leads to `port` no more. Returns what ends it. */
  watch(port: string, onMoved: () => void): () => void {
    let isOver = false;
    const opened = stat(port);
    const timer = setInterval(async () => {
      const [before, now] = await Promise.allSettled([opened, stat(this.#path)]);
      if (isOver || before.status === "rejected") return;
      if (now.status === "fulfilled" && now.value.rdev === before.value.rdev) return;
      end();
      onMoved();
    }, lookEvery);
    const end = () => {
      isOver = true;
      clearInterval(timer);
    };
    return end;
  }
}

async function linkTo(port: string, among: readonly string[]): Promise<string | undefined> {
  for (const directory of among) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.sort()) {
      const link = join(directory, name);
      if ((await realpath(link).catch(() => "")) === port) return link;
    }
  }
  return undefined;
}
