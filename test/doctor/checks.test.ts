import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { findingsText } from "../../src/cli/doctor.js";
import { startingStatus } from "../../src/cli/status-document.js";
import { checkAdapters } from "../../src/doctor/adapters.js";
import { clockFinding } from "../../src/doctor/clock.js";
import { checkConfiguration, entropyOf } from "../../src/doctor/configuration.js";
import { checkDataDirectory, spaceOf } from "../../src/doctor/data-directory.js";
import { examine } from "../../src/doctor/doctor.js";
import { checkEmbeddedServer } from "../../src/doctor/embedded-server.js";
import { findingsAbout } from "../../src/doctor/gateway.js";
import { checkNode } from "../../src/doctor/node.js";
import { checkPorts } from "../../src/doctor/ports.js";
import { startMosquitto } from "../support/mosquitto.js";
import { testProgram } from "../support/packages.js";
import { testPort } from "../support/ports.js";
import { silentLog } from "../support/silent-log.js";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-doctor-"));
});

afterEach(() => rm(directory, { recursive: true }));

async function listening(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return server;
}

test("Node is as old as it may be, or too old", () => {
  expect(["20.19.0", "22.1.0"].map((version) => checkNode(version).level)).toEqual(["ok", "ok"]);
  expect(["20.18.9", "18.20.0"].map((version) => checkNode(version).level)).toEqual(["fail", "fail"]);
});

test("each mistake of the configuration is a finding; so is a weak secret", async () => {
  const file = join(directory, "house.yaml");
  await writeFile(file, "http: { lisen: 127.0.0.1:8480 }\nhome: { timezone: Mars/Olympus }\n");
  const bad = await checkConfiguration(file);
  expect(bad.settings).toBeUndefined();
  expect(bad.findings.map(({ level, text }) => `${level} ${text.replace(directory, "")}`)).toEqual([
    expect.stringMatching(/^fail \/house.yaml:1:9: http\.lisen/),
    expect.stringMatching(/^fail \/house.yaml:2:19: home\.timezone/),
  ]);

  const component =
    "xmpp: { server: component, domain: iot.example.org, secret: house }\nowners: [a@example.org]\n";
  await writeFile(file, component);
  const weak = await checkConfiguration(file);
  expect(weak.findings.map(({ level }) => level)).toEqual(["ok", "warn"]);
  expect(JSON.stringify(weak.findings)).not.toContain('"house"');
  await writeFile(file, component.replace("secret: house", `secret: "${"0123456789abcdef".repeat(4)}"`));
  expect((await checkConfiguration(file)).findings.map(({ level }) => level)).toEqual(["ok"]);
});

test("a secret is as good as its length and its characters", () => {
  expect(entropyOf("0f".repeat(32))).toBeGreaterThanOrEqual(128);
  expect(entropyOf("kK8.x2pQz_7vLw0mR4tB")).toBeGreaterThan(100);
  expect([entropyOf("a".repeat(64)), entropyOf("correct horse")].every((bits) => bits < 128)).toBe(true);
});

test("a data directory that others may read, one that is no directory, and one that is not there yet", async () => {
  const data = join(directory, "data");
  expect(await checkDataDirectory(data)).toMatchObject([
    { level: "ok", text: expect.stringContaining("makes it") },
  ]);
  await mkdir(data, { mode: 0o700 });
  expect((await checkDataDirectory(data))[0]?.level).toBe("ok");
  await chmod(data, 0o755);
  expect(await checkDataDirectory(data)).toMatchObject([{ level: "warn", cure: `chmod 700 ${data}` }, {}]);
  const secret = join(data, "admin-token");
  await writeFile(secret, "", { mode: 0o644 });
  expect(await checkDataDirectory(data)).toMatchObject([
    {},
    { level: "fail", cure: `chmod 600 ${secret}` },
    {},
  ]);
  await writeFile(join(directory, "file"), "");
  expect(await checkDataDirectory(join(directory, "file"))).toMatchObject([{ level: "fail" }]);
  const megabytes = [10_000, 100, 5].map((count) => spaceOf(count * 1024 * 1024).level);
  expect(megabytes).toEqual(["ok", "warn", "fail"]);
});

test("of a running gateway, its own links are told", () => {
  const status = {
    ...startingStatus("0.0.1"),
    xmpp: {
      ...startingStatus("").xmpp,
      domain: "iot.example.org",
      state: "auth-failed",
      detail: "It is refused.",
    },
    adapters: [{ name: "broker", kind: "mqtt", state: "online", detail: "" }],
  } as const;
  expect(findingsAbout(status).map(({ level, text }) => `${level} ${text}`)).toEqual([
    `ok Runs with process id ${process.pid}, not ready.`,
    expect.stringMatching(/^warn It is version 0\.0\.1, and this command /),
    "fail Its link XMPP, as iot.example.org: auth-failed: It is refused.",
    "ok Its link adapter broker (mqtt): online.",
  ]);
});

test("a gateway that gives no answer is still one that runs, and its links are left to it", async () => {
  const hung = createServer((socket) => socket.end("{")).listen(join(directory, "homeroster.sock"));
  const server = createServer();
  const connected = vi.fn();
  server.on("connection", connected);
  const port = await testPort();
  await once(server.listen(port, "127.0.0.1"), "listening");
  onTestFinished(() => {
    hung.close();
    server.close();
  });
  const configFile = join(directory, "house.yaml");
  const secret = "0123456789abcdef".repeat(4);
  await writeFile(
    configFile,
    `xmpp: { server: component, domain: iot.example.org, port: ${port}, secret: "${secret}" }\nowners: [a@example.org]\n`,
  );
  const { findings } = await examine({ configFile, dataDir: directory, log: silentLog });
  expect(findings).toContainEqual(expect.objectContaining({ check: "Gateway", level: "fail" }));
  expect(findings.map(({ check }) => check)).not.toContain("XMPP server");
  expect(connected).not.toHaveBeenCalled();
});

async function settingsWith(yaml: string) {
  const file = join(directory, "house.yaml");
  await writeFile(file, yaml);
  const { settings } = await checkConfiguration(file);
  if (settings === undefined) throw new Error("the configuration of this test is wrong");
  return settings;
}

test("a gateway that is still starting has no port yet", async () => {
  const port = await testPort();
  const settings = await settingsWith(`http: { listen: 127.0.0.1:${port} }\n`);
  const { findings } = await checkPorts(settings, startingStatus(""));
  expect(findings).toContainEqual(
    expect.objectContaining({ level: "ok", text: `HTTP at 127.0.0.1:${port} is free.` }),
  );
});

test("a port that is taken stops the start, unless any other would do", async () => {
  const port = await testPort();
  const settings = await settingsWith(`http: { listen: 127.0.0.1:${port} }\n`);
  expect((await checkPorts(settings, undefined)).findings).toMatchObject([{ level: "ok" }]);
  await listening(port);
  const taken = await checkPorts(settings, undefined);
  expect(taken).toMatchObject({ isOtherGateway: false, findings: [{ level: "fail" }] });
  const byDefault = { ...settings, http: { ...settings.http, isDefault: true } };
  expect((await checkPorts(byDefault, undefined)).findings).toMatchObject([{ level: "warn" }]);
  const ours = { ...startingStatus("1"), http: { url: `http://127.0.0.1:${port}` } };
  expect((await checkPorts(settings, ours)).findings).toMatchObject([
    { level: "ok", text: `HTTP at 127.0.0.1:${port} is the gateway's.` },
  ]);
});

test("an adapter that reaches its broker, and one that does not", async () => {
  const port = await testPort();
  const settings = await settingsWith(`
mqtt: {}
adapters:
  house: { kind: simulator }
  inside: { kind: mqtt, url: embedded }
  away: { kind: mqtt, url: "mqtt://127.0.0.1:${port}" }
`);
  expect(await checkAdapters(settings.adapters, silentLog)).toMatchObject([
    { level: "ok", text: "house (simulator) is reached." },
    { level: "ok", text: "inside (mqtt) uses the broker inside the gateway." },
    { level: "fail", text: expect.stringMatching(/^away \(mqtt\) is not reached: /) },
  ]);
});

test("a broker that refuses the login is told with its reason", async () => {
  const passwords = join(directory, "passwords");
  await promisify(execFile)(
    testProgram("mosquitto_passwd").command,
    ["-b", "-c", passwords, "house", "right"],
    {
      env: { ...process.env, ...testProgram("mosquitto_passwd").environment },
    },
  );
  const broker = await startMosquitto({ config: ["allow_anonymous false", `password_file ${passwords}`] });
  onTestFinished(() => broker.stop());
  const settings = await settingsWith(`
adapters:
  good: { kind: mqtt, url: "${broker.url}", username: house, password: right }
  bad: { kind: mqtt, url: "${broker.url}", username: house, password: wrong }
`);
  const findings = await checkAdapters(settings.adapters, silentLog);
  expect(findings.map(({ level }) => level)).toEqual(["ok", "fail"]);
  expect(findings[1]?.text).toMatch(/^bad \(mqtt\) is not reached: .*(password|login|refused|authoriz)/i);
});

test("a clock that cannot be right, one that nobody sets, and a good one", () => {
  const installed = new Date("2026-11-01");
  const seen = { now: new Date("2026-11-22T12:00:00Z"), timeZone: "Europe/Berlin", notBefore: installed };
  expect(clockFinding({ ...seen, isSynchronized: true })).toMatchObject({
    level: "ok",
    text: "It is 2026-11-22 13:00 in Europe/Berlin; a time server sets it.",
  });
  expect(clockFinding({ ...seen, isSynchronized: false }).level).toBe("warn");
  expect(clockFinding({ ...seen, isSynchronized: undefined })).toMatchObject({
    level: "ok",
    text: expect.stringContaining("cannot be told"),
  });
  expect(clockFinding({ ...seen, now: new Date(0), isSynchronized: undefined }).level).toBe("fail");
});

test("the private Prosody can be had, or has been, or cannot be", async () => {
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  expect(checkEmbeddedServer(directory)[0]?.level).toBe("ok");
  process.env.PATH = "/nowhere";
  const bare = checkEmbeddedServer(directory).map(({ level }) => level);
  await mkdir(join(directory, "packages/usr/bin"), { recursive: true });
  await writeFile(join(directory, "packages/usr/bin/prosody"), "", { mode: 0o755 });
  const unpacked = checkEmbeddedServer(directory).map(({ level }) => level);
  expect([bare, unpacked]).toEqual([
    ["fail", "warn"],
    ["ok", "warn"],
  ]);
});

test("prints a line for each, its cure below, coloured only for eyes", () => {
  const findings = [
    { check: "Node", level: "ok", text: "20.19.0." },
    { check: "PubSub", level: "fail", text: "It is not there.", cure: "Add it." },
  ] as const;
  expect(findingsText(findings, false)).toBe(
    "ok    Node    20.19.0.\nfail  PubSub  It is not there.\n              > Add it.\n1 failure.\n",
  );
  expect(findingsText(findings, true)).toContain("\u001b[31mfail\u001b[0m  PubSub");
});
