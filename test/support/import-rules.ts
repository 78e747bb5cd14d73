import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";

/** Project files by their path from the root, with their text. */
type Sources = ReadonlyMap<string, string>;

/** What the files of a room may import, beside themselves. `null` is everything. */
const rooms: Readonly<Record<string, readonly string[] | null>> = {
  core: [],
  schema: ["core"],
  package: [],
  config: ["core", "schema"],
  xmpp: ["core"],
  http: ["core"],
  control: ["core", "schema", "words of cli"],
  storage: ["core"],
  embedded: ["core"],
  compose: [
    "core",
    "config",
    "xmpp",
    "http",
    "control",
    "storage",
    "embedded",
    "adapters",
    "package",
    "words of cli",
  ],
  "words of cli": ["core", "package"],
  doctor: ["core", "compose", "config", "control", "xmpp", "embedded", "package", "words of cli"],
  cli: ["core", "compose", "control", "doctor", "package", "words of cli"],
  main: ["core", "cli", "compose", "package", "words of cli"],
  adapters: ["core", "adapters/*"],
  "adapters/payload": ["core", "schema"],
  "adapters/*": ["core", "schema", "adapters/payload"],
  bench: null,
  test: null,
};

/** What the composition tells the command line: these know nothing of it. */
const wordsOfCli = ["src/cli/status-document.ts", "src/cli/banner.ts"];

export function readSources(root: string, directories: readonly string[]): Sources {
  const files = directories.flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(directory, file)),
  );
  return new Map(files.sort().map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

/** One sentence for each import that goes the wrong way, and for each circle. */
export function brokenRules(sources: Sources): readonly string[] {
  const imports = new Map([...sources].map(([file, text]) => [file, importsOf(text)]));
  const wrong = [...imports].flatMap(([file, specifiers]) =>
    specifiers.flatMap((specifier) => problemOf(file, specifier, sources) ?? []),
  );
  return [...wrong, ...circles(imports, sources)];
}

function importsOf(text: string): readonly string[] {
  const statements = /^\s*(?:import|export)\b(?:[^"'`;]*?\bfrom)?\s*["']([^"']+)["']/gm;
  const expressions = /\bimport\(\s*["']([^"']+)["']/g;
  return [...text.matchAll(statements), ...text.matchAll(expressions)].map(([, specifier = ""]) => specifier);
}

function problemOf(file: string, specifier: string, sources: Sources): string | undefined {
  const from = roomOf(file);
  if (!specifier.startsWith(".")) return libraryProblem(file, from, specifier);
  if (!specifier.endsWith(".js")) return `${file} imports "${specifier}": a relative import ends in .js.`;
  const target = targetOf(file, specifier);
  if (!sources.has(target) && !sources.has(target.replace(/\.ts$/, ".d.ts"))) {
    return `${file} imports "${specifier}", but there is no ${target}.`;
  }
  const to = roomOf(target);
  const allowed = rooms[kindOf(from)];
  if (from === to || allowed === null || allowed?.includes(kindOf(to)) === true) return undefined;
  const may =
    allowed === undefined || allowed.length === 0 ? "nothing but itself" : `only ${allowed.join(", ")}`;
  return `${file} imports ${target}: ${from} may import ${may}.`;
}

function libraryProblem(file: string, from: string, specifier: string): string | undefined {
  if (from === "core" && !specifier.startsWith("node:")) {
    return `${file} imports the library ${specifier}: core uses none.`;
  }
  if (specifier === "@xmpp/component" && file.startsWith("src/") && !componentFiles.has(file)) {
    return `${file} imports @xmpp/component: only ${[...componentFiles].join(" and ")} may.`;
  }
  return undefined;
}

const componentFiles: ReadonlySet<string> = new Set(["src/xmpp/stream.ts"]);

/** `src/xmpp/chat/words.ts` is in `xmpp`, `adapters/mqtt/adapter.ts` in `adapters/mqtt`. */
function roomOf(file: string): string {
  if (wordsOfCli.includes(file)) return "words of cli";
  const [top = "", second = "", ...rest] = file.replace(/\.d?\.?ts$/, "").split("/");
  if (top === "src") return second;
  return top === "adapters" && rest.length > 0 ? `adapters/${second}` : top;
}

function kindOf(room: string): string {
  return room.startsWith("adapters/") && room !== "adapters/payload" ? "adapters/*" : room;
}

function targetOf(file: string, specifier: string): string {
  return normalize(join(dirname(file), specifier)).replace(/\.js$/, ".ts");
}

/** Each circle once, from its first file round to it again. */
function circles(imports: ReadonlyMap<string, readonly string[]>, sources: Sources): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) found.push(`A circle of imports: ${[...trail.slice(start), file].join(" > ")}.`);
    if (start >= 0 || done.has(file)) return;
    for (const specifier of imports.get(file) ?? []) {
      const target = specifier.startsWith(".") ? targetOf(file, specifier) : "";
      if (sources.has(target)) visit(target, [...trail, file]);
    }
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}
