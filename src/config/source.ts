import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parse,
  parseDocument,
  type Scalar,
} from "yaml";
import type { Problem } from "../core/problem.js";
import { type YamlFault, yamlFault } from "./yaml-fault.js";

export type Path = Problem["path"];

/** Where `!secret` and `${ENV}` get their values. What they throw is a sentence about the place that asks. */
export interface Substitutes {
  secret(name: string): string;
  variable(name: string): string;
}

interface Place {
  readonly key: number;
  readonly value: number;
}

const maxDepth = 64;
const maxNodes = 100_000;

/** A YAML file that was read: its data, and where each piece of it was written. */
export class Source {
  readonly file: string;
  readonly data: unknown;
  /** Mistakes that the file shows by itself, most of all in `!secret` and `${ENV}`. */
  readonly problems: readonly Problem[];
  /** Where the text stops being YAML. What could be said of anything behind it is guesswork. */
  readonly break: YamlFault | undefined;
  readonly #lines = new LineCounter();
  readonly #places = new Map<string, Place>();
  readonly #readings = new Map<string, unknown>();
  readonly #masks = new Map<string, string>();
  readonly #substitutes: Substitutes;
  readonly #keepsSpelling: (path: Path) => boolean;
  readonly #problems: Problem[] = [];
  #nodes = 0;

  /** `keepsSpelling` says where `01` is to stay `01`; elsewhere it is the number 1. `prepare` may edit what was parsed. */
  constructor(
    file: string,
    text: string,
    substitutes: Substitutes,
    options: {
      readonly keepsSpelling?: (path: Path) => boolean;
      readonly prepare?: (document: Document) => void;
    } = {},
  ) {
    this.file = file;
    this.#substitutes = substitutes;
    this.#keepsSpelling = options.keepsSpelling ?? ((path) => path.includes("address"));
    const document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
      customTags: [{ tag: "!secret", resolve: (name: string) => name }],
    });
    const [error] = document.errors;
    const placeOf = (offset: number) => {
      const { line, column } = this.positionOf(offset);
      return `line ${line}, column ${column}`;
    };
    this.break = error && yamlFault({ error, document, text, placeOf });
    if (error === undefined) options.prepare?.(document);
    this.data = this.#read(document.contents, [], document);
    this.problems = this.#problems;
  }

  has(path: Path): boolean {
    return path.length === 0 || this.#places.has(keyOf(path));
  }

  /** The data at `path`; `undefined` where there is none. */
  at(path: Path): unknown {
    return path.reduce<unknown>(
      (data, part) =>
        typeof data === "object" && data !== null
          ? Object.getOwnPropertyDescriptor(data, part)?.value
          : undefined,
      this.data,
    );
  }

  /** How else the scalar at `path` may be read: as the number, where its spelling was kept. */
  otherReading(path: Path): { readonly value: unknown } | undefined {
    const key = keyOf(path);
    return this.#readings.has(key) ? { value: this.#readings.get(key) } : undefined;
  }

  /** Of the value, or of the key; of what is missing, where the section begins that lacks it. */
  position(path: Path, at?: Problem["at"]): { readonly line: number; readonly column: number } {
    for (let length = path.length; length > 0; length--) {
      const place = this.#places.get(keyOf(path.slice(0, length)));
      if (place === undefined) continue;
      return this.positionOf(at === "key" || length < path.length ? place.key : place.value);
    }
    return { line: 1, column: 1 };
  }

  positionOf(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** `text` with every secret and variable in it as the file writes it. */
  masked(text: string): string {
    let masked = text;
    for (const [value, written] of this.#masks) masked = masked.replaceAll(value, written);
    return masked;
  }

  #read(node: ParsedNode | Node | null, path: Path, document: Document): unknown {
    this.#nodes += 1;
    if (path.length > maxDepth || this.#nodes > maxNodes) {
      this.#problems.push({ path: path.slice(0, 2), message: "is nested too deeply or too large" });
      return undefined;
    }
    if (isAlias(node)) {
      const anchored = node.resolve(document);
      if (anchored !== undefined) return this.#read(anchored, path, document);
      this.#problems.push({ path, message: `repeats "&${node.source}", which does not stand above` });
      return undefined;
    }
    if (!isScalar(node)) this.#checkTag(node, path);
    if (isMap(node)) return this.#readMap(node.items, path, document);
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const itemNode = item as Node;
        const offset = itemNode.range?.[0] ?? this.#offsetOf(path);
        this.#places.set(keyOf([...path, index]), { key: offset, value: offset });
        return this.#read(itemNode, [...path, index], document);
      });
    }
    return isScalar(node) ? this.#readScalar(node, path) : null;
  }

  #readMap(items: readonly { key: unknown; value: unknown }[], path: Path, document: Document): unknown {
    const entries: [string, unknown][] = [];
    for (const { key, value } of items) {
      const name = isScalar(key)
        ? typeof key.value === "string"
          ? key.value
          : (key.source ?? "")
        : undefined;
      const keyOffset = (key as Node).range?.[0] ?? this.#offsetOf(path);
      const valueNode = value as Node | null;
      const entryPath = [...path, name ?? "?"];
      const seen = this.#places.has(keyOf(entryPath));
      const valueOffset = isScalar(valueNode) && valueNode.source === "" ? keyOffset : valueNode?.range?.[0];
      this.#places.set(keyOf(entryPath), { key: keyOffset, value: valueOffset ?? keyOffset });
      if (isScalar(key)) this.#checkTag(key, entryPath, "key");
      if (name === undefined || name === "__proto__") {
        this.#problems.push({
          path: entryPath,
          message: "is no name for a key; plain text would be",
          at: "key",
        });
      } else if (seen) {
        this.#problems.push({ path: entryPath, message: "is written twice; keep one of the two", at: "key" });
      } else {
        entries.push([name, this.#read(valueNode, entryPath, document)]);
      }
    }
    return Object.fromEntries(entries);
  }

  /** Of what a migration made, where it made it. */
  #offsetOf(path: Path): number {
    return this.#places.get(keyOf(path))?.key ?? 0;
  }

  #readScalar(node: Scalar, path: Path): unknown {
    const { value, source = "", tag } = node;
    if (tag === "!secret" && value !== "") {
      return this.#filled(
        path,
        this.#substitute(path, `!secret ${value}`, (s) => s.secret(String(value))),
      );
    }
    this.#checkTag(node, path);
    if (typeof value === "string") {
      const filled = value.replace(/\$\{([A-Za-z_]\w*)\}/g, (written, name: string) =>
        this.#substitute(path, written, (s) => s.variable(name)),
      );
      return filled !== value && node.type === "PLAIN" ? this.#filled(path, filled) : filled;
    }
    if (this.#keepsSpelling(path) && source !== "" && String(value) !== source) {
      this.#readings.set(keyOf(path), value);
      return source;
    }
    return value;
  }

  /** A text that came from elsewhere, and may have been meant as a number. */
  #filled(path: Path, text: string): string {
    if (/^[-+.\w]+$/.test(text)) this.#readings.set(keyOf(path), parse(text));
    return text;
  }

  #checkTag(node: Node | null, path: Path, at?: Problem["at"]): void {
    const tag = isNode(node) ? node.tag : undefined;
    if (tag === undefined || !tag.startsWith("!")) return;
    const message =
      tag === "!secret"
        ? "has !secret without a name; write !secret NAME for the value alone"
        : `has the tag ${tag}; !secret is the only one`;
    this.#problems.push({ path, message, ...(at === undefined ? {} : { at }) });
  }

  #substitute(path: Path, written: string, ask: (substitutes: Substitutes) => string): string {
    try {
      const value = ask(this.#substitutes);
      // A shorter one would be found in every sentence.
      if (value.length >= 4) this.#masks.set(value, written);
      return value;
    } catch (error) {
      this.#problems.push({ path, message: error instanceof Error ? error.message : String(error) });
      return written;
    }
  }
}

function keyOf(path: Path): string {
  return path.join("\0");
}
