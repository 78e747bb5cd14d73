import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testPython } from "./packages.js";
import { runServer, type ServerProcess } from "./server-process.js";

const page = fileURLToPath(new URL("../../docs/adapters/http.md", import.meta.url));

/** The inverter of the HTTP adapter's page, as a person runs it: a program of its own. */
export interface TestInverter {
  /** What it printed of the requests that told it something, oldest first. */
  readonly told: string[];
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** After `kill`: at the same port; resolves when it listens. */
  restart(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** The program of the page and its configuration, both with this port instead of 9999. */
export async function inverterOfThePage(
  port: number,
): Promise<{ readonly program: string; readonly yaml: string }> {
  const text = (await readFile(page, "utf8")).replaceAll("9999", String(port));
  const blockOf = (language: string) =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";
  return { program: blockOf("python"), yaml: blockOf("yaml") };
}

export async function startInverter(port: number): Promise<TestInverter> {
  const { program } = await inverterOfThePage(port);
  const directory = await mkdtemp(join(tmpdir(), "homeroster-inverter-"));
  const file = join(directory, "inverter.py");
  await writeFile(file, program);
  const told: string[] = [];
  const run = async (): Promise<ServerProcess> => {
    const server = runServer("inverter.py", testPython(), [file], (line) => {
      if (line !== "listening") told.push(line);
      return line === "listening";
    });
    await server.ready;
    return server;
  };
  let running = await run();
  return {
    told,
    signal: (signal) => running.kill(signal),
    kill: () => running.end("SIGKILL"),
    restart: async () => {
      running = await run();
    },
    stop: async () => {
      await running.end("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}
