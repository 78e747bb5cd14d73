import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { serviceManager } from "../../src/cli/notify.js";
import { testProgram, testPython } from "../support/packages.js";
import { RecordingLog } from "../support/recording-log.js";
import { silentLog } from "../support/silent-log.js";

/** What systemd has at the other end: a datagram socket, one message a line here. */
const listener = `
import json, socket, sys
at = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
at.bind(sys.argv[1])
print(json.dumps(""), flush=True)
while True:
    print(json.dumps(at.recv(4096).decode()), flush=True)
`;

let directory: string;
let socket: string;
let heard: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-notify-"));
  socket = join(directory, "notify");
  heard = [];
  const python = testPython();
  const child = spawn(python.command, ["-c", listener, socket], {
    env: { ...process.env, ...python.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  await once(lines, "line");
  lines.on("line", (line) => {
    const text = String(JSON.parse(line)).trim();
    // systemd-notify asks by it whether all was read.
    if (text !== "BARRIER=1") heard.push(text);
  });
  await findSystemdNotify();
  return async () => {
    child.kill();
    await once(child, "exit");
  };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  await rm(directory, { recursive: true });
});

/** On PATH as for a service, also where it was only unpacked. */
async function findSystemdNotify(): Promise<void> {
  const { command, environment } = testProgram("systemd-notify");
  const variables = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
  const wrapper = join(directory, "systemd-notify");
  await writeFile(wrapper, `#!/bin/sh\n${variables.join(" ")} exec ${command} "$@"\n`);
  await chmod(wrapper, 0o755);
  vi.stubEnv("PATH", `${directory}:${process.env.PATH}`);
}

test("systemd hears that the service is ready, that it lives, and that it stops", async () => {
  const environment = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "100000", WATCHDOG_PID: String(process.pid) };
  const manager = serviceManager(environment, silentLog);
  manager?.ready(() => "Ready; all is well");
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(2);
  manager?.stopping();
  await manager?.end();
  const [first, ...rest] = heard;
  expect(first).toBe("READY=1\nSTATUS=Ready; all is well");
  expect(rest.pop()).toBe("STOPPING=1\nSTATUS=Stopping");
  expect(new Set(rest)).toEqual(new Set(["WATCHDOG=1\nSTATUS=Ready; all is well"]));
});

test("without a watchdog of ours there is no feeding", async () => {
  for (const watchdog of [{}, { WATCHDOG_USEC: "100000", WATCHDOG_PID: "1" }]) {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const manager = serviceManager({ NOTIFY_SOCKET: socket, ...watchdog }, silentLog);
    manager?.ready(() => "Ready");
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    await manager?.end();
  }
  expect(heard).toEqual(["READY=1\nSTATUS=Ready", "READY=1\nSTATUS=Ready"]);
});

test("children inherit nothing that they could answer with, and where nobody listens nothing is said", () => {
  const environment = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "100000", WATCHDOG_PID: "1", PATH: "/bin" };
  expect(serviceManager(environment, silentLog)).toBeDefined();
  expect(environment).toEqual({ PATH: "/bin" });
  expect(serviceManager(environment, silentLog)).toBeUndefined();
});

test("what cannot be told is logged and ends nothing", async () => {
  const log = new RecordingLog();
  const manager = serviceManager({ NOTIFY_SOCKET: join(directory, "nobody") }, log);
  manager?.ready(() => "Ready");
  await manager?.end();
  expect(log.lines.map(({ message }) => message).join()).toContain("systemd hears nothing");
});
