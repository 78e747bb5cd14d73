import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { idPattern } from "../core/device.js";
import { GatewayError, messageOf } from "../core/errors.js";
import { unfinishedSuffix } from "../core/private-file.js";
import type { Store } from "../core/store.js";
import { systemCodeOf } from "../core/system-code.js";
import { DocumentFile } from "./document-file.js";

/** Documents as JSON files, one each, in `<data>/state/`, for the gateway's own user only. Names are ids. */
export class FileStore implements Store {
  readonly #directory: string;
  readonly #files = new Map<string, DocumentFile>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the directory where it is missing, and removes what a killed process left half written. */
  static open(dataDirectory: string): FileStore {
    const directory = join(dataDirectory, "state");
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    for (const file of readdirSync(directory)) {
      if (file.endsWith(unfinishedSuffix)) rmSync(join(directory, file), { force: true });
    }
    return new FileStore(directory);
  }

  /** Throws `GatewayError("config-invalid")` for a document that is damaged or may not be read. */
  read(name: string): unknown {
    const { path } = this.#fileOf(name);
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return undefined;
      throw new GatewayError("config-invalid", `${path} cannot be read: ${messageOf(error)}`, {
        cause: error,
      });
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new GatewayError(
        "config-invalid",
        `${path} is damaged: ${messageOf(error)}. Put back a copy of it, or remove it to go on without what it held.`,
        { cause: error },
      );
    }
  }

  async write(name: string, document: unknown): Promise<void> {
    await this.#fileOf(name).write(`${JSON.stringify(document ?? null)}\n`);
  }

  #fileOf(name: string): DocumentFile {
    if (!idPattern.test(name)) throw new GatewayError("value-invalid", `"${name}" cannot name a document.`);
    let file = this.#files.get(name);
    if (file === undefined) {
      file = new DocumentFile(join(this.#directory, `${name}.json`));
      this.#files.set(name, file);
    }
    return file;
  }
}
