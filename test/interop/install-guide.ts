import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A page of docs/install, to be followed with other names and ports than its own. */
export class InstallGuide {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** `replace`: what the page says, and what it is for this test. */
  static async open(page: string, replace: Readonly<Record<string, string>>): Promise<InstallGuide> {
    const file = fileURLToPath(new URL(`../../docs/install/${page}`, import.meta.url));
    let text = await readFile(file, "utf8");
    for (const [from, to] of Object.entries(replace)) {
      if (!text.includes(from)) throw new Error(`${page} does not say ${from}`);
      text = text.replaceAll(from, to);
    }
    return new InstallGuide(text);
  }

  /** The block of code that follows these words. */
  after(words: string): string {
    const [, block] = this.#text.slice(this.#indexOf(words)).split(/^```\w+\n/m);
    return (block ?? "").split(/^```$/m)[0] ?? "";
  }

  #indexOf(words: string): number {
    const index = this.#text.indexOf(words);
    if (index === -1) throw new Error(`The page does not say: ${words}`);
    return index;
  }

  /** Makes the gateway's files below `directory` as the page says. Resolves with the name of the configuration. */
  async configure(directory: string): Promise<string> {
    const file = join(directory, "config/homeroster.yaml");
    await mkdir(dirname(file));
    // The port of the HTTP face may be taken on the machine of the test.
    const configuration = this.after("make `config/homeroster.yaml`:");
    await writeFile(file, `${configuration}http: { listen: 127.0.0.1:0 }\n`);
    await writeFile(join(directory, "config/secrets.yaml"), this.after("`config/secrets.yaml`:"), {
      mode: 0o600,
    });
    return file;
  }
}
