import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testProgram } from "./packages.js";
import { testPort } from "./ports.js";
import { runServer } from "./server-process.js";

const host = "127.0.0.1";

/** Lines that a `mosquitto_sub` printed so far. */
export interface TestSubscriber {
  readonly lines: string[];
  /** Resolves when the broker acknowledged the subscriptions. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/** A real Mosquitto of one test. */
export interface TestMosquitto {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** After `kill`: same port, same configuration; resolves when it accepts connections. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Runs `mosquitto_pub` with these arguments and this input; rejects with what it printed when it fails. */
  pub(parameters: readonly string[], input?: string): Promise<void>;
  /** Runs `mosquitto_sub` with these arguments. */
  sub(parameters: readonly string[]): TestSubscriber;
}

/**
 * Starts Mosquitto on loopback. `config` lines replace `allow_anonymous true` and may add listeners. Unless told otherwise
 * it logs every packet.
 */
export async function startMosquitto(
  options: { readonly config?: readonly string[]; readonly isVerbose?: boolean } = {},
): Promise<TestMosquitto> {
  const directory = await mkdtemp(join(tmpdir(), "homeroster-mosquitto-"));
  const port = await testPort();
  const configFile = join(directory, "mosquitto.conf");
  const rest = options.config ?? [];
  const anonymous = rest.some((line) => line.startsWith("allow_anonymous")) ? [] : ["allow_anonymous true"];
  await writeFile(
    configFile,
    // Where it may become another user, the kernel would forget that it is to end with the test run.
    ["user root", `listener ${port} ${host}`, ...anonymous, "set_tcp_nodelay true", ...rest, ""].join("\n"),
  );
  const mosquitto = testProgram("mosquitto");
  const verbose = options.isVerbose === false ? [] : ["-v"];
  const run = async () => {
    const server = runServer("mosquitto", mosquitto, [...verbose, "-c", configFile], (line) =>
      /mosquitto version \S+ running/.test(line),
    );
    await server.ready;
    return server;
  };
  let running = await run();
  return {
    url: `mqtt://${host}:${port}`,
    port,
    get pid() {
      return running.pid;
    },
    signal: (signal) => running.kill(signal),
    kill: () => running.end("SIGKILL"),
    restart: async () => {
      running = await run();
    },
    stop: async () => {
      running.kill("SIGCONT");
      await running.end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
    pub: (parameters, input) => publish(port, parameters, input),
    sub: (parameters) => subscribe(port, parameters),
  };
}

/** Subscribes by a real `mosquitto_sub` on any broker of this host. */
export function subscribe(port: number, parameters: readonly string[]): TestSubscriber {
  const lines: string[] = [];
  const tool = runServer(
    "mosquitto_sub",
    testProgram("mosquitto_sub"),
    ["-h", host, "-p", String(port), "-d", ...parameters],
    (line) => {
      // -d makes it talk about itself, too.
      if (!/^(Client |Subscribed \(mid)/.test(line)) lines.push(line);
      return line.startsWith("Subscribed ");
    },
  );
  return {
    lines,
    ready: tool.ready,
    stop: () => tool.end("SIGTERM"),
  };
}

/** Publishes by a real `mosquitto_pub` on any broker of this host. */
export async function publish(port: number, parameters: readonly string[], input = ""): Promise<void> {
  const { command, environment } = testProgram("mosquitto_pub");
  const child = spawn(command, ["-h", host, "-p", String(port), ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "ignore", "pipe"],
  });
  child.stdin.on("error", () => {}).end(input);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}: ${said}`);
}
