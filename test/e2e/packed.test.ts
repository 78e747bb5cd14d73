import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GatewayProcess } from "../support/gateway-process.js";

const run = promisify(execFile);

let directory: string;
let artefact: string;
let packed: string[];
/** Where `npm install` put it. */
let installed: string;

/** npm and what it installed, as at home with somebody else: nothing of the npm that runs these tests is left. */
function elsewhere(cwd: string, command: string, ...parameters: string[]) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(registry|cache)$)/i.test(name)),
  );
  return run(command, parameters, { cwd, env: { ...env, NODE_ENV: "production" } });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-packed-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", directory]);
  const [report] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  artefact = join(directory, report?.filename ?? "");
  packed = report?.files.map(({ path }) => path) ?? [];
  installed = join(directory, "installed");
  await mkdir(installed);
  await elsewhere(
    installed,
    "npm",
    "install",
    "--omit=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    artefact,
  );
}, 240_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

test("holds what runs and what explains it, and nothing of the workshop or of the person who packed it", () => {
  for (const needed of ["bin/homeroster.js", "dist/src/main.js", "devices/tasmota/plug.yaml", "README.md"]) {
    expect(packed).toContain(needed);
  }
  const own =
    /^(src|adapters|test|scripts|data)\/|\.(ts|map)$|secrets|^config\/homeroster\.yaml$|(^|\/)\.(?!\/)/;
  expect(packed.filter((path) => own.test(path))).toEqual([]);
});

test("installed from an empty directory without development packages, it is a house with a lamp that answers", async () => {
  expect(await readdir(join(installed, "node_modules"))).not.toContain("typescript");
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  expect((await elsewhere(installed, "npx", "homeroster", "--version")).stdout).toBe(`${version}\n`);
  expect((await elsewhere(installed, "npx", "homeroster", "check")).stdout).toMatch(
    /: 2 adapters, \d+ devices/,
  );
  const health = JSON.parse((await elsewhere(installed, "npx", "homeroster", "doctor", "--json")).stdout);
  expect(health).toMatchObject({
    ok: true,
    findings: expect.arrayContaining([{ check: "Node", level: "ok", text: expect.any(String) }]),
  });

  const program = join(installed, "node_modules/homeroster/bin/homeroster.js");
  const gateway = await GatewayProcess.start([], undefined, program);
  try {
    const { http } = await gateway.until(({ ready }) => ready);
    const token = (await readFile(join(gateway.dataDir, "admin-token"), "utf8")).trim();
    const answer = await fetch(`${http.url}/api/v1/devices/kitchen-lamp/channels/power/command`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ value: true }),
    });
    expect(await answer.json()).toMatchObject({ receipt: "confirmed" });
    const told = await elsewhere(installed, "npx", "homeroster", "status", "--data", gateway.dataDir);
    expect(told.stdout).toContain("is ready");
    const examined = await elsewhere(installed, "npx", "homeroster", "doctor", "--data", gateway.dataDir);
    expect(examined.stdout).toMatch(/^ok +Gateway/m);
    expect(await gateway.end("SIGTERM")).toBe(0);
  } finally {
    await gateway.remove();
  }
}, 120_000);

describe("a house with a serial port, without anything having been compiled", () => {
  const prebuilds = () => join(installed, "node_modules/@serialport/bindings-cpp/prebuilds");

  /** How the adapter is, in a house where everything else goes on. */
  async function toldOf(port: string): Promise<string> {
    const configFile = join(directory, "serial.yaml");
    await writeFile(
      configFile,
      `http: { listen: "127.0.0.1:0" }
adapters: { house: { kind: simulator }, meter: { kind: serial, path: ${port} } }
devices: { boiler: { adapter: meter, channels: { pressure: { value: number, address: { match: "^P=(.*)$" } } } } }
`,
    );
    const program = join(installed, "node_modules/homeroster/bin/homeroster.js");
    const gateway = await GatewayProcess.start(["--config", configFile], undefined, program);
    try {
      const { adapters } = await gateway.until(({ adapters }) =>
        adapters.some(({ name, state }) => name === "meter" && state === "offline"),
      );
      const whole = await gateway.until(({ devices }) => devices.online > 10);
      expect(whole).toMatchObject({ xmpp: { state: "online" }, devices: { offline: 1 } });
      return adapters.find(({ name }) => name === "meter")?.detail ?? "";
    } finally {
      await gateway.remove();
    }
  }

  test("a port that is not there is said to be", async () => {
    expect(await toldOf("/dev/nothing")).toBe("/dev/nothing: it is not there; plug the device in");
  });

  test("a machine that the driver has no build for loses the port alone, and says what helps", async () => {
    const hidden = `${prebuilds()}-hidden`;
    await rename(prebuilds(), hidden);
    try {
      expect(await toldOf("/dev/null")).toMatch(
        /^\/dev\/null: the driver of serial ports cannot be loaded on this machine \(No native build was found .*\); .*npm rebuild/,
      );
    } finally {
      await rename(hidden, prebuilds());
    }
  });
});

test("unpacked, it installs the very versions that were tested", async () => {
  const unpacked = join(directory, "unpacked");
  await mkdir(unpacked);
  await run("tar", ["-xzf", artefact, "-C", unpacked, "--strip-components=1"]);
  await elsewhere(unpacked, "npm", "ci", "--omit=dev", "--no-audit", "--no-fund");
  const versions = async (file: string) => {
    const { packages } = JSON.parse(await readFile(file, "utf8")) as {
      packages: Record<string, { version: string; dev?: true; devOptional?: true; optional?: true }>;
    };
    return Object.entries(packages)
      .filter(([path, { dev, devOptional, optional }]) => path !== "" && !(dev || devOptional || optional))
      .map(([path, { version }]) => `${path} ${version}`);
  };
  expect(await versions(join(unpacked, "node_modules/.package-lock.json"))).toEqual(
    await versions("package-lock.json"),
  );
  const { stdout } = await run(process.execPath, ["bin/homeroster.js", "check"], { cwd: unpacked });
  expect(stdout).toMatch(/: 2 adapters, \d+ devices/);
}, 120_000);
