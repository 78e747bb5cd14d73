import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readlink, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPackageTree } from "../../src/embedded/package-tree.js";
import { type ProsodyProcess, runProsody } from "../../src/embedded/prosody-process.js";
import { systemProsody, unpackedProsody } from "../../src/embedded/prosody-program.js";
import { GatewayProcess } from "../support/gateway-process.js";
import { publish, startMosquitto, subscribe, type TestMosquitto } from "../support/mosquitto.js";
import { packageDirectory, testProgram } from "../support/packages.js";
import { testPort } from "../support/ports.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";

const run = promisify(execFile);

let directory: string;
let volumes: string;
let prosody: ProsodyProcess;
let broker: TestMosquitto;
let gateway: GatewayProcess;
let owner: SlixmppOwner;
let printed: string;
const ports = { c2s: 0, component: 0, http: 0 };

/** The files of the containers at work without containers: other ports, and the volumes as directories. */
beforeAll(async () => {
  // The compiled program is at work here.
  await run(process.execPath, ["scripts/setup.js"]);
  directory = await mkdtemp(join(tmpdir(), "homeroster-compose-"));
  volumes = join(directory, "volumes");
  for (const name of ["gateway", "prosody", "mosquitto"])
    await mkdir(join(volumes, name), { recursive: true, mode: 0o700 });
  printed = await firstStart();

  await addAccount("desk", "desk-password");
  await addAccount("thief", "thief-password");
  const configuration = (await readFile("config/mosquitto/mosquitto.conf", "utf8"))
    .replaceAll("/data/", `${join(volumes, "mosquitto")}/`)
    .replaceAll("/etc/mosquitto/", `${resolve("config/mosquitto")}/`);
  const lines = configuration.split("\n").filter((line) => !/^(#|listener |set_tcp_nodelay )/.test(line));
  broker = await startMosquitto({ config: lines });

  for (const name of ["c2s", "component", "http"] as const) ports[name] = await testPort();
  prosody = await startProsody();

  const file = join(volumes, "gateway/homeroster.yaml");
  expect(await readlink(file)).toBe("/etc/homeroster/homeroster.yaml");
  await unlink(file);
  await writeFile(
    file,
    (await readFile("config/compose/homeroster.yaml", "utf8"))
      .replace("secret: !secret component", `port: ${ports.component}\n  secret: !secret component`)
      .replace("mqtt://mosquitto:1883", broker.url)
      .replace("0.0.0.0:8480", "127.0.0.1:0")
      .replace(/^# (devices:\n)# ( {2}desk-lamp)/m, "$1$2"),
  );
  const { stdout } = await run(process.execPath, ["bin/homeroster.js", "check", "--config", file]);
  expect(stdout).toMatch(/^The configuration can be used: 2 adapters, 15 devices/);
  gateway = await GatewayProcess.start(["--config", file], join(volumes, "gateway"));
  await gateway.until(({ ready }) => ready);
  owner = await slixmppOwner(
    "owner@home.local",
    (await readFile(join(volumes, "gateway/owner-password"), "utf8")).trim(),
    ports.c2s,
    join(volumes, "prosody/certificates/ca.crt"),
  );
}, 90_000);
afterAll(async () => {
  await owner?.stop();
  await gateway?.remove();
  await Promise.all([prosody?.stop(), broker?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

async function firstStart(): Promise<string> {
  const openssl = testProgram("openssl");
  const path = `${openssl.command.replace(/\/[^/]*$/, "")}:${process.env.PATH}`;
  const { stdout } = await run(process.execPath, ["scripts/first-start.js", volumes], {
    env: { ...process.env, ...openssl.environment, PATH: path },
  });
  return stdout;
}

/** As the manual says, with the broker's own program. */
async function addAccount(name: string, password: string): Promise<void> {
  const { command, environment } = testProgram("mosquitto_passwd");
  const file = join(volumes, "mosquitto/passwd");
  await run(command, ["-b", file, name, password], { env: { ...process.env, ...environment } });
}

async function startProsody(): Promise<ProsodyProcess> {
  const program = systemProsody() ?? (await unpackedProsody(openPackageTree(packageDirectory), directory));
  const file = join(directory, "prosody.cfg.lua");
  const text = (await readFile("config/prosody/prosody.cfg.lua", "utf8"))
    .replaceAll('"/data/', `"${join(volumes, "prosody")}/`)
    .replace("/usr/lib/prosody/modules", program.modules ?? "")
    .replace('interfaces = { "*" }', 'interfaces = { "127.0.0.1" }')
    .replace("c2s_ports = { 5222 }", `c2s_ports = { ${ports.c2s} }`)
    .replace("component_ports = { 5347 }", `component_ports = { ${ports.component} }`)
    .replace("http_ports = { 5280 }", `http_ports = { ${ports.http} }`);
  // The container's Prosody is nobody; that of a test may be root.
  await writeFile(file, `run_as_root = true\n${text}`);
  const complaints: string[] = [];
  const server = await runProsody(program, file, {
    ports: [ports.c2s, ports.component],
    onLine: ({ level, text }) => {
      if (level === "error") complaints.push(text);
    },
  });
  expect(complaints).toEqual([]);
  return server;
}

test("the owner, by TLS with the house's own authority, says on to a lamp at the broker and hears that it is", async () => {
  const jid = "desk-lamp@iot.home.local";
  const asDesk = ["-u", "desk", "-P", "desk-password"];
  const lamp = subscribe(broker.port, [...asDesk, "-t", "cmnd/desk/POWER"]);
  await lamp.ready;
  await publish(broker.port, [...asDesk, "-t", "tele/desk/LWT", "-m", "Online", "-r"]);
  await publish(broker.port, [...asDesk, "-t", "stat/desk/POWER", "-m", "OFF"]);
  owner.do({ do: "subscribe", jid });
  await owner.hear("the lamp's presence", ({ got, sender, status }) => {
    return got === "presence" && sender === jid && String(status).startsWith("off");
  });
  owner.do({ do: "say", jid, body: "on" });
  await expect.poll(() => lamp.lines).toEqual(["ON"]);
  await publish(broker.port, [...asDesk, "-t", "stat/desk/POWER", "-m", "ON"]);
  const { body } = await owner.hear("the answer", ({ got, sender }) => got === "message" && sender === jid);
  expect(body).toBe("Desk lamp is on.");
  await lamp.stop();
});

test("an account of the broker speaks for its own device alone, and hears nobody else", async () => {
  const asThief = ["-u", "thief", "-P", "thief-password"];
  const ear = subscribe(broker.port, [...asThief, "-t", "#", "-t", "tele/thief/STATE"]);
  await ear.ready;
  await publish(broker.port, [...asThief, "-t", "stat/desk/POWER", "-m", "OFF", "-q", "1"]);
  await publish(broker.port, [...asThief, "-t", "tele/thief/INFO", "-m", "mine", "-q", "1"]);
  await publish(broker.port, [
    "-u",
    "desk",
    "-P",
    "desk-password",
    "-t",
    "tele/desk/STATE",
    "-m",
    "{}",
    "-q",
    "1",
  ]);
  const { url } = (await gateway.status()).http;
  const token = (await readFile(join(gateway.dataDir, "admin-token"), "utf8")).trim();
  const answer = await fetch(`${url}/api/v1/devices/desk-lamp`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await answer.json()).toMatchObject({ channels: { power: { state: { value: true } } } });
  expect(ear.lines).toEqual([]);
  await ear.stop();
  await expect(publish(broker.port, ["-t", "stat/desk/POWER", "-m", "OFF"])).rejects.toThrow(
    /not authorised/i,
  );
});

test("what the first start made is private, and a second one changes nothing", async () => {
  expect(printed).toContain("owner@home.local");
  const files = [
    "gateway/secrets.yaml",
    "gateway/owner-password",
    "prosody/secret.cfg.lua",
    "prosody/certificates/server.crt",
    "mosquitto/passwd",
  ].map((name) => join(volumes, name));
  for (const file of files) expect((await stat(file)).mode & 0o077).toBe(0);
  const before = await Promise.all(files.map((file) => readFile(file, "utf8")));
  expect(await firstStart()).toBe(printed);
  expect(await Promise.all(files.map((file) => readFile(file, "utf8")))).toEqual(before);
});
