import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { erlangOf } from "./erlang.js";
import { interopPackageDirectory } from "./packages.js";
import { runServer, type ServerProcess } from "./server-process.js";
import { testUsers } from "./xmpp-server.js";

const usersReady = "The users of the tests are there.";
const onDisk = "All is on the disk.";

export interface EjabberdProcess extends ServerProcess {
  /** SIGKILL, once all it was told is on the disk: a roster entry takes it some seconds to write. */
  kill9(): Promise<void>;
}

/**
 * Runs ejabberd in the foreground and resolves when it listens on all `ports` and has the users of the tests. Its
 * database and `ejabberd.log` are in `directory`. It is no distributed node: no epmd is started, and none is left behind.
 */
export async function runEjabberd(run: {
  readonly configFile: string;
  readonly directory: string;
  readonly domain: string;
  readonly ports: readonly number[];
}): Promise<EjabberdProcess> {
  const database = join(run.directory, "database");
  await mkdir(database, { recursive: true });
  const erlang = erlangOf(interopPackageDirectory);
  const environment = {
    ...erlang.environment,
    HOME: run.directory,
    EJABBERD_CONFIG_PATH: run.configFile,
    EJABBERD_LOG_PATH: join(run.directory, "ejabberd.log"),
  };
  const users = testUsers.map((user) => `<<"${user}">>`).join(",");
  const register = `[ejabberd_auth:try_register(User, <<"${run.domain}">>, User) || User <- [${users}]]`;
  const sync = `io:get_line("") =/= eof andalso begin mnesia:sync_log(), io:format("${onDisk}~n"), Wait() end`;
  const parameters = [
    // Elements nested 5,000 deep would overflow a stack of the usual size, and that is ejabberd's end.
    ...["+sss", "8192", "-noshell", "-mnesia", "dir", `"${database}"`, "-s", "ejabberd"],
    ...["-eval", `${register}, io:format("${usersReady}~n"), spawn(fun Wait() -> ${sync} end).`],
  ];
  const waiting = new Set<string>([usersReady, ...run.ports.map(String)]);
  let onSynced = () => {};
  const server = runServer("ejabberd", { ...erlang, environment }, parameters, (line) => {
    const port = /Start accepting \w+ connections at \S+:(\d+) for/.exec(line)?.[1];
    waiting.delete(port ?? line);
    if (line === onDisk) onSynced();
    return waiting.size === 0;
  });
  try {
    await server.ready;
  } catch (error) {
    await server.end("SIGKILL");
    throw error;
  }
  return {
    ...server,
    kill9: async () => {
      const synced = new Promise<void>((resolve) => {
        onSynced = resolve;
      });
      server.write("sync\n");
      await synced;
      await server.end("SIGKILL");
    },
  };
}
