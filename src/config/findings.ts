import { GatewayError } from "../core/errors.js";
import type { Problem } from "../core/problem.js";
import type { Path, Source } from "./source.js";

/** Where something was written. */
export interface Origin {
  readonly source: Source;
  readonly path: Path;
}

interface Finding {
  readonly source: Source;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** What was found in the files of a configuration: one finding for each place. */
export class Findings {
  /** All that was read, or would have been if it were there. */
  readonly files = new Set<string>();
  readonly #found = new Map<string, Finding>();

  /** The first finding about a place stays; what others say about it follows from it. */
  add({ source, path }: Origin, message: string, at?: Problem["at"]): this {
    const place = `${source.file}\0${at ?? ""}\0${path.join("\0")}`;
    if (this.#found.has(place)) return this;
    const { line, column } = source.position(path, at);
    const prefix = path.length === 0 ? "" : `${printPath(path)}: `;
    this.#found.set(place, { source, line, column, text: source.masked(`${prefix}${message}`) });
    return this;
  }

  /** For what has no path: a file that is no YAML, or cannot be read. */
  addAt(source: Source, offset: number, message: string): void {
    const { line, column } = source.positionOf(offset);
    this.#found.set(`${source.file}\0\0${offset}`, { source, line, column, text: message });
  }

  /** `file:line:column: path: what is wrong, what would be right`, file by file, from top to bottom. */
  get lines(): readonly string[] {
    const files = [...new Set([...this.#found.values()].map(({ source }) => source.file))];
    return [...this.#found.values()]
      .sort(
        (a, b) =>
          files.indexOf(a.source.file) - files.indexOf(b.source.file) ||
          a.line - b.line ||
          a.column - b.column,
      )
      .map(({ source, line, column, text }) => printable(`${source.file}:${line}:${column}: ${text}`));
  }
}

/**
 * A configuration that cannot be used. `lines` has one line for each mistake; the message has them all. `files` are those
 * whose change may mend it.
 */
export class ConfigError extends GatewayError {
  readonly lines: readonly string[];
  readonly files: readonly string[];

  constructor({ lines, files }: Pick<Findings, "lines" | "files">) {
    super("config-invalid", lines.join("\n"));
    this.name = "ConfigError";
    this.lines = lines;
    this.files = [...files];
  }
}

/** `devices.porch.channels.power`, `owners[0]`, `devices."Kitchen lamp"` */
function printPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      return `${index === 0 ? "" : "."}${/^[\w-]+$/.test(part) ? part : JSON.stringify(part)}`;
    })
    .join("");
}

function printable(line: string): string {
  return line.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
