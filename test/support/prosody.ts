import { appendFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPackageTree } from "../../src/embedded/package-tree.js";
import { createAccount } from "../../src/embedded/prosody-account.js";
import { prosodyConfig } from "../../src/embedded/prosody-config.js";
import { runProsody } from "../../src/embedded/prosody-process.js";
import { modulesBelow, systemProsody, unpackedProsody } from "../../src/embedded/prosody-program.js";
import { packageDirectory } from "./packages.js";
import { testPort } from "./ports.js";
import { type TestXmppServer, testServerNames, testUsers } from "./xmpp-server.js";

const { domain, host, secret } = testServerNames;

/** A Prosody with the configuration that the embedded server has. */
export type TestProsody = TestXmppServer;

/** With `rosters: false` it lets nobody write on rosters, as most servers do. */
export async function startProsody({ rosters = true } = {}): Promise<TestProsody> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-prosody-"));
  const dataPath = join(directory, "data");
  const logFile = join(directory, "prosody.log");
  const configFile = join(directory, "prosody.cfg.lua");
  const ports = { component: await testPort(), c2s: await testPort(), http: await testPort() };
  for (const user of testUsers) {
    // The client library hashes in JavaScript and would stand still for a second or two at each login.
    await createAccount(dataPath, domain, user, user, 1);
  }
  const program = systemProsody() ?? (await unpackedProsody(openPackageTree(packageDirectory), directory));
  const modules = rosters ? (program.modules ?? modulesBelow(packageDirectory)) : undefined;
  const settings = {
    domain,
    secret,
    dataPath,
    certificates: directory,
    ports,
    c2sInterfaces: [host],
    modules,
  };
  await writeFile(configFile, prosodyConfig(settings));
  const run = () =>
    runProsody(program, configFile, {
      ports: [ports.component, ports.c2s],
      onLine: ({ level, text }) => appendFileSync(logFile, `${level}\t${text}\n`),
    });
  let running = await run();
  return {
    ...testServerNames,
    port: ports.component,
    c2sPort: ports.c2s,
    get pid() {
      return running.pid;
    },
    logFile,
    signal: (signal) => running.signal(signal),
    kill: async () => {
      running.signal("SIGKILL");
      await running.ended;
    },
    restart: async () => {
      running = await run();
    },
    stop: async () => {
      // A stopped (SIGSTOP) server would not hear the SIGTERM.
      running.signal("SIGCONT");
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
