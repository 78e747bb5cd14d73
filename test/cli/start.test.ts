import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLog } from "../../src/cli/log.js";
import type { ServiceManager } from "../../src/cli/notify.js";
import { start } from "../../src/cli/start.js";
import { startingStatus } from "../../src/cli/status-document.js";
import type { RunningGateway } from "../../src/compose.js";
import { ask } from "../../src/control/ask.js";

let directory: string;
let dataDir: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-start-"));
  dataDir = join(directory, "data");
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true });
});

function aProcess(
  launch: () => Promise<Partial<RunningGateway>> = async () => ({}),
  { isTTY = false, manager }: { readonly isTTY?: boolean; readonly manager?: ServiceManager } = {},
) {
  const signals = new EventEmitter();
  const exit = vi.fn();
  const stop = vi.fn(async () => undefined);
  const reload = vi.fn(async () => undefined);
  const ready = { ...startingStatus("1.2.3"), ready: true };
  const options = { dataDir, lan: false, log: createLog({ level: "silent" }), manager };
  const printed: string[] = [];
  const banner = {
    server: undefined,
    house: "home@iot.house.test",
    devices: [],
    httpUrl: "http://127.0.0.1:8480",
    tokenFile: "/data/admin-token",
    mqttUrl: undefined,
  };
  const ended = start(options, {
    signals,
    exit,
    screen: { isTTY, write: (text: string) => printed.push(text) },
    launch: async () => ({
      status: () => ready,
      control: async () => undefined,
      banner,
      stop,
      reload,
      ...(await launch()),
    }),
  });
  return { signals, exit, stop, reload, ended, printed };
}

function aPromise<Value>(): { readonly promise: Promise<Value>; resolve(value: Value): void } {
  const settle: { resolve(value: Value): void } = { resolve: () => undefined };
  const promise = new Promise<Value>((resolve) => {
    settle.resolve = resolve;
  });
  return { promise, resolve: (value) => settle.resolve(value) };
}

function askStatus() {
  return ask(dataDir, { do: "status" });
}

function isReady(): Promise<boolean | undefined> {
  return askStatus().then((status) => status?.ready);
}

test.each(["SIGINT", "SIGTERM"])("runs until %s, then stops and leaves nothing behind", async (signal) => {
  const { signals, stop, ended, exit } = aProcess();
  await expect.poll(isReady).toBe(true);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  signals.emit(signal);
  expect(await ended).toBe(0);
  expect(stop).toHaveBeenCalledOnce();
  expect(exit).not.toHaveBeenCalled();
  expect(existsSync(join(dataDir, "homeroster.sock"))).toBe(false);
  expect(signals.eventNames()).toEqual([]);
  expect(await askStatus()).toBeUndefined();
});

test("a hangup reads the configuration again, but ends what runs in a terminal", async () => {
  const service = aProcess();
  await expect.poll(isReady).toBe(true);
  service.signals.emit("SIGHUP");
  expect(service.reload).toHaveBeenCalledOnce();
  service.signals.emit("SIGTERM");
  await service.ended;

  const program = aProcess(undefined, { isTTY: true });
  await expect.poll(isReady).toBe(true);
  program.signals.emit("SIGHUP");
  await program.ended;
  expect([program.reload.mock.calls.length, program.stop.mock.calls.length]).toEqual([0, 1]);
});

test("the service manager hears when the gateway runs and when it stops, and nothing after the end", async () => {
  const told: string[] = [];
  const launched = aPromise<Partial<RunningGateway>>();
  const stopped = aPromise<void>();
  const manager = {
    ready: (sentence: () => string) => void told.push(sentence()),
    stopping: () => void told.push("stopping"),
    end: async () => void told.push("end"),
  };
  const { signals, ended } = aProcess(() => launched.promise, { manager });
  await expect.poll(isReady).toBe(false);
  expect(told).toEqual([]);
  launched.resolve({ stop: () => stopped.promise });
  await expect.poll(isReady).toBe(true);
  await expect.poll(() => told).toEqual(["Ready;  is connecting; 0 of 0 devices are online"]);
  signals.emit("SIGTERM");
  await expect.poll(() => told.at(-1)).toBe("stopping");
  stopped.resolve();
  expect(await ended).toBe(0);
  expect(told.slice(1)).toEqual(["stopping", "end"]);
});

test("answers that it is not ready while it starts", async () => {
  const launched = aPromise<Partial<RunningGateway>>();
  const { signals, ended } = aProcess(() => launched.promise);
  await expect.poll(isReady).toBe(false);
  await expect(ask(dataDir, { do: "devices" })).rejects.toMatchObject({
    code: "busy",
    message: "Homeroster is still starting; try again in a moment.",
  });
  launched.resolve({});
  await expect.poll(isReady).toBe(true);
  signals.emit("SIGTERM");
  await ended;
});

test("a signal during the start stops what was started", async () => {
  const launched = aPromise<Partial<RunningGateway>>();
  const { signals, stop, ended } = aProcess(() => launched.promise);
  await expect.poll(isReady).toBe(false);
  signals.emit("SIGTERM");
  launched.resolve({});
  expect(await ended).toBe(0);
  expect(stop).toHaveBeenCalledOnce();
});

test("a signal calls the start off, and what comes of that is no failure", async () => {
  const signals = new EventEmitter();
  const called = aPromise<AbortSignal>();
  const ended = start(
    { dataDir, lan: false, log: createLog({ level: "silent" }) },
    {
      signals,
      exit: vi.fn(),
      screen: { write: vi.fn() },
      launch: ({ signal }) => {
        called.resolve(signal);
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    },
  );
  await called.promise;
  signals.emit("SIGINT");
  expect(await ended).toBe(0);
  expect(existsSync(join(dataDir, "homeroster.sock"))).toBe(false);
});

test("there is one gateway for each data directory", async () => {
  const first = aProcess();
  await expect.poll(isReady).toBe(true);
  await expect(aProcess().ended).rejects.toMatchObject({
    code: "busy",
    message: `Homeroster is already running in ${dataDir} (pid ${process.pid}).`,
  });
  expect(await isReady()).toBe(true);
  first.signals.emit("SIGTERM");
  await first.ended;
});

test("what a killed gateway left behind is replaced", async () => {
  const killed = await aKilledGateway(join(directory, "data"));
  expect(existsSync(join(dataDir, "homeroster.sock"))).toBe(true);
  expect(killed.signalCode).toBe("SIGKILL");
  expect(await askStatus()).toBeUndefined();
  const { signals, ended } = aProcess();
  await expect.poll(isReady).toBe(true);
  signals.emit("SIGINT");
  expect(await ended).toBe(0);
});

test("a gateway that cannot start frees the directory and says why", async () => {
  const { ended, signals } = aProcess(async () => {
    throw new Error("no server");
  });
  await expect(ended).rejects.toThrow("no server");
  expect(existsSync(join(dataDir, "homeroster.sock"))).toBe(false);
  expect(signals.eventNames()).toEqual([]);
});

test("a second signal ends the process at once, but not one that npm passes on", async () => {
  const freed = aPromise<void>();
  const { signals, exit, ended } = aProcess(async () => ({ stop: () => freed.promise }));
  await expect.poll(isReady).toBe(true);
  vi.useFakeTimers({ toFake: ["performance"] });
  signals.emit("SIGINT");
  vi.advanceTimersByTime(999);
  signals.emit("SIGINT");
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  signals.emit("SIGINT");
  expect(exit).toHaveBeenCalledWith(1);
  freed.resolve();
  await ended;
});

test("so do ten seconds", async () => {
  const freed = aPromise<void>();
  const { signals, exit, ended } = aProcess(async () => ({ stop: () => freed.promise }));
  await expect.poll(isReady).toBe(true);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  signals.emit("SIGTERM");
  vi.advanceTimersByTime(9999);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(exit).toHaveBeenCalledWith(1);
  freed.resolve();
  await ended;
});

test("a data directory too deep for a socket is refused in a sentence", async () => {
  dataDir = join(directory, "x".repeat(120));
  await expect(aProcess().ended).rejects.toThrow(
    /too long for a socket .* choose a shorter data directory with --data/,
  );
});

/** Leaves a socket that nobody listens on. */
async function aKilledGateway(at: string): Promise<ChildProcess> {
  const script = `
    require("node:fs").mkdirSync(process.argv[1]);
    require("node:net").createServer().listen(process.argv[1] + "/homeroster.sock", () => console.log("up"));
  `;
  const child = spawn(process.execPath, ["-e", script, at], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  return child;
}
