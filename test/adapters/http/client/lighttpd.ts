import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { testProgram } from "../../../support/packages.js";
import { testPort } from "../../../support/ports.js";
import { runServer } from "../../../support/server-process.js";

export interface TestLighttpd {
  readonly url: (path: string) => URL;
  readonly stop: () => Promise<void>;
}

/** A real lighttpd on loopback that serves `files` by name; `config` lines are added to its configuration. */
export async function startLighttpd(
  files: Readonly<Record<string, string>>,
  config: readonly string[],
): Promise<TestLighttpd> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-lighttpd-"));
  const port = await testPort();
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  const configFile = join(directory, "lighttpd.conf");
  const lines = [
    `server.document-root = "${directory}"`,
    'server.bind = "127.0.0.1"',
    `server.port = ${port}`,
    ...config.map((line) => line.replaceAll("{directory}", directory)),
    "",
  ];
  await writeFile(configFile, lines.join("\n"));
  const program = testProgram("lighttpd");
  const modules = join(dirname(dirname(program.command)), "lib/lighttpd");
  const server = runServer("lighttpd", program, ["-D", "-m", modules, "-f", configFile], (line) =>
    line.includes("server started"),
  );
  await server.ready;
  return {
    url: (path) => new URL(path, `http://127.0.0.1:${port}`),
    stop: async () => {
      await server.end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
}
