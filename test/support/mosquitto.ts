import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { testProgram } from "./packages.js";
import { testPort } from "./ports.js";

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
  /** Runs `mosquitto_pub` with these arguments; rejects with what it printed when it fails. */
  pub(parameters: readonly string[]): Promise<void>;
  /** Runs `mosquitto_sub` with these arguments. */
  sub(parameters: readonly string[]): TestSubscriber;
}

/** Starts Mosquitto on loopback. `config` lines replace `allow_anonymous true` and may add listeners. */
export async function startMosquitto(
  options: { readonly config?: readonly string[] } = {},
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
  const run = async () => {
    const tool = runTool("mosquitto", ["-v", "-c", configFile], /mosquitto version \S+ running/);
    await tool.ready;
    return tool;
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
    pub: (parameters) => publish(port, parameters),
    sub: (parameters) => subscribe(port, parameters),
  };
}

/** Subscribes by a real `mosquitto_sub` on any broker of this host. */
export function subscribe(port: number, parameters: readonly string[]): TestSubscriber {
  const lines: string[] = [];
  const tool = runTool(
    "mosquitto_sub",
    ["-h", host, "-p", String(port), "-d", ...parameters],
    /^Subscribed /,
    (line) => {
      // -d makes it talk about itself, too.
      if (!/^(Client |Subscribed \(mid)/.test(line)) lines.push(line);
    },
  );
  return {
    lines,
    ready: tool.ready,
    stop: () => tool.end("SIGTERM"),
  };
}

/** Publishes by a real `mosquitto_pub` on any broker of this host. */
export async function publish(port: number, parameters: readonly string[]): Promise<void> {
  const { command, environment } = testProgram("mosquitto_pub");
  const child = spawn(command, ["-h", host, "-p", String(port), ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}: ${said}`);
}

interface Tool {
  readonly pid: number;
  /** Resolves when a line of the output says so; rejects when the program ends before. */
  readonly ready: Promise<void>;
  kill(signal: NodeJS.Signals): void;
  end(signal: NodeJS.Signals): Promise<void>;
}

function runTool(
  name: string,
  parameters: readonly string[],
  readyLine: RegExp,
  onLine: (line: string) => void = () => {},
): Tool {
  const { command, environment } = testProgram(name);
  // A test run that is killed takes its servers along; and what they say is to be heard line by line.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", "stdbuf", "-oL", command, ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve()).once("error", () => resolve());
  });
  const said: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on("line", (line) => {
        if (said.length < 50) said.push(line);
        onLine(line);
        if (readyLine.test(line)) resolve();
      });
    }
    ended.then(() => reject(new Error(`${name} ended before it was ready:\n${said.join("\n")}`)));
  });
  // Who does not wait for it has nothing to handle.
  ready.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ready,
    kill: (signal) => void child.kill(signal),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
