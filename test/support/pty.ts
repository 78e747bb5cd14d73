import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testProgram } from "./packages.js";
import { testPort } from "./ports.js";
import { runServer, type ServerProcess } from "./server-process.js";

/** Two pseudo-terminals with a cable between them, both without echo and line editing. */
export interface TestPty {
  /** Our end: a stable name that leads to the terminal, as those below /dev/serial/by-id do. */
  readonly port: string;
  /** The end of whatever is plugged in, by a stable name, too. */
  readonly far: string;
  /** Pulls the cable: both ends are gone. */
  pull(): Promise<void>;
  /** After `pull`: plugs it in again under the same names; the terminals behind them may be others. */
  plug(): Promise<void>;
  close(): Promise<void>;
}

export async function openPty(): Promise<TestPty> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-pty-"));
  const [port, far] = [join(directory, "port"), join(directory, "far")];
  const end = (link: string) => `pty,raw,echo=0,link=${link}`;
  const plug = async () => {
    const socat = runServer("socat", testProgram("socat"), ["-d", "-d", end(port), end(far)], (line) =>
      line.includes("starting data transfer loop"),
    );
    await socat.ready;
    return socat;
  };
  let plugged = await plug();
  return {
    port,
    far,
    pull: () => plugged.end("SIGTERM"),
    plug: async () => {
      plugged = await plug();
    },
    close: async () => {
      await plugged.end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A port server, as ser2net is: whoever connects talks to a terminal. It is there for one connection. */
export interface TestPortServer {
  /** On loopback. */
  readonly port: number;
  /** The end of whatever is plugged in; it is there while somebody is connected. */
  readonly far: string;
  close(): Promise<void>;
}

export async function openPortServer(): Promise<TestPortServer> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-pty-"));
  const far = join(directory, "far");
  const port = await testPort();
  const listen = `tcp-listen:${port},bind=127.0.0.1,reuseaddr,nodelay`;
  const socat = runServer(
    "socat",
    testProgram("socat"),
    ["-d", "-d", listen, `pty,raw,echo=0,link=${far}`],
    (line) => line.includes("listening on"),
  );
  await socat.ready;
  return {
    port,
    far,
    close: async () => {
      await socat.end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A port server for a port that stays, as ser2net is: one client after the other. */
export interface PortServing {
  /** On loopback. */
  readonly port: number;
  /** Whoever is connected is thrown out. */
  stop(): Promise<void>;
  /** After `stop`, at the same place. */
  start(): Promise<void>;
}

export async function servePort(terminal: string): Promise<PortServing> {
  const port = await testPort();
  const listen = `tcp-listen:${port},bind=127.0.0.1,reuseaddr,nodelay`;
  let serving: ServerProcess | undefined;
  const start = async () => {
    const socat = runServer(
      "socat",
      testProgram("socat"),
      ["-d", "-d", listen, `file:${terminal},raw,echo=0`],
      (line) => line.includes("listening on"),
    );
    serving = socat;
    // It serves one client and ends.
    void socat.ended.then(() => (serving === socat ? start() : undefined));
    await socat.ready;
  };
  await start();
  return {
    port,
    start,
    stop: async () => {
      const last = serving;
      serving = undefined;
      await last?.end("SIGTERM");
    },
  };
}
