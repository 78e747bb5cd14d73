import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Document } from "yaml";
import { messageOf } from "../core/errors.js";
import { nearest } from "../core/nearest.js";
import { systemCodeOf } from "../core/system-code.js";
import type { Findings } from "./findings.js";
import { sectionOf } from "./readings.js";
import { Source, type Substitutes } from "./source.js";

/** Of a file that takes neither `!secret` nor `${ENV}`: secrets themselves, and the catalogue. */
const noSubstitutes: Substitutes = {
  secret: () => {
    throw new Error("!secret cannot stand here; write the value itself");
  },
  variable: (name) => `\${${name}}`,
};

const nothing: Substitutes = {
  secret: () => "",
  variable: () => "",
};

/** The configuration at `file` with its secrets; `undefined` when there is no such file. */
export async function readConfiguration(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  findings: Findings,
  prepare?: (document: Document) => void,
): Promise<Source | undefined> {
  const text = await readText(file, findings);
  if (text === undefined) return undefined;
  return sourceOf(
    file,
    text,
    { ...(await readSecrets(file, findings)), ...variablesOf(environment) },
    findings,
    prepare,
  );
}

export function secretsBeside(configFile: string): string {
  return join(dirname(configFile), "secrets.yaml");
}

/** A file of the catalogue; `undefined` when there is no such file. */
export async function readPlain(file: string, findings: Findings): Promise<Source | undefined> {
  const text = await readText(file, findings);
  return text === undefined ? undefined : sourceOf(file, text, noSubstitutes, findings);
}

/** A configuration that is no file. */
export function builtIn(text: string): Source {
  return new Source("built-in", text, noSubstitutes);
}

async function readText(file: string, findings: Findings): Promise<string | undefined> {
  return (await readBytes(file, findings))?.text;
}

/** With the permissions of the very file that was read. */
async function readBytes(
  file: string,
  findings: Findings,
): Promise<{ readonly text: string; readonly mode: number } | undefined> {
  const failed = (sentence: string) => {
    findings.add({ source: new Source(file, "", nothing), path: [] }, sentence);
    return { text: "", mode: 0 };
  };
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const { mode } = await handle.stat();
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await handle.readFile());
    return { text, mode: mode & 0o777 };
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    return failed(error instanceof TypeError ? "is not UTF-8 text; save it as UTF-8" : unreadable(error));
  } finally {
    await handle?.close();
  }
}

function unreadable(error: unknown): string {
  switch (systemCodeOf(error)) {
    case "EISDIR":
      return "is a directory; name the file in it";
    case "EACCES":
      return "may not be read by this user; give it to the user that runs the gateway";
    default:
      return `cannot be read: ${messageOf(error)}`;
  }
}

function sourceOf(
  file: string,
  text: string,
  substitutes: Substitutes,
  findings: Findings,
  prepare?: (document: Document) => void,
): Source {
  const source = new Source(file, text, substitutes, prepare && { prepare });
  if (source.break !== undefined) {
    findings.addAt(source, source.break.offset, `is no YAML from here on: ${source.break.message}`);
  }
  for (const { path, message, at } of source.problems) findings.add({ source, path }, message, at);
  return source;
}

function variablesOf(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<Substitutes, "variable"> {
  return {
    variable: (name) => {
      const value = environment[name];
      if (value !== undefined) return value;
      throw new Error(`the environment has no variable ${name}; set it, or write the value here`);
    },
  };
}

async function readSecrets(configFile: string, findings: Findings): Promise<Pick<Substitutes, "secret">> {
  const file = secretsBeside(configFile);
  const read = await readBytes(file, findings);
  if (read === undefined) {
    return {
      secret: (name) => {
        throw new Error(
          `asks for the secret "${name}", but there is no ${file}; create it with the line "${name}: ..." and mode 600`,
        );
      },
    };
  }
  const { text, mode } = read;
  const source = new Source(file, text, noSubstitutes, { keepsSpelling: () => true });
  // A sentence about what stands there could quote a secret.
  if (source.break !== undefined)
    findings.addAt(source, source.break.offset, "is no YAML; put the values in quotes");
  for (const { path, message, at } of source.problems) findings.add({ source, path }, message, at);
  if ((mode & 0o077) !== 0) {
    const cure = `make it private: chmod 600 ${file}`;
    findings.add({ source, path: [] }, `can be read by others (mode ${mode.toString(8)}); ${cure}`);
  }
  return {
    secret: (name) => {
      const value = source.at([name]);
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
        return String(value);
      if (typeof value === "object" && value !== null) {
        throw new Error(`asks for the secret "${name}", which is no single value in ${file}; write one`);
      }
      const meant = nearest(name, Object.keys(sectionOf(source.data)));
      const cure = meant === undefined ? `add the line "${name}: ..." there` : `did you mean "${meant}"?`;
      throw new Error(`asks for the secret "${name}", which ${file} does not have; ${cure}`);
    },
  };
}
