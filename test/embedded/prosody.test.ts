import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { isFree } from "../../src/embedded/free-ports.js";
import { type EmbeddedProsody, startEmbeddedProsody } from "../../src/embedded/prosody.js";
import { el } from "../../src/xmpp/xml.js";
import { connectClient } from "../support/client.js";
import { packageDirectory, testProgram } from "../support/packages.js";
import { ownPorts } from "../support/ports.js";
import { RecordingLog } from "../support/recording-log.js";
import { aDataDirectory } from "./data-directory.js";

async function start(
  dataDir: string,
  options: { listen?: "loopback" | "lan"; domain?: string } = {},
): Promise<EmbeddedProsody & { readonly log: RecordingLog }> {
  const log = new RecordingLog();
  if (!existsSync(join(dataDir, "ports.json"))) await ownPorts(dataDir);
  const prosody = await startEmbeddedProsody({ dataDir, listen: "loopback", log, ...options });
  onTestFinished(() => prosody.stop());
  return Object.assign(prosody, { log });
}

function logIn(prosody: EmbeddedProsody, password: string) {
  return connectClient({ port: prosody.c2sPort, domain: prosody.domain, user: "owner", password });
}

/** The state of a process as in proc(5), `undefined` when there is none. */
function stateOf(pid: number | undefined): string | undefined {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? /\) (\S)/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
}

/** One that ended may wait as a zombie for an init that does not look after it. */
function isAlive(pid: number | undefined): boolean {
  return ![undefined, "Z", "X"].includes(stateOf(pid));
}

test("makes an owner account at the first start, who can log in and share a file", async () => {
  const dataDir = aDataDirectory();
  const prosody = await start(dataDir, { domain: "house.test" });
  expect(prosody).toMatchObject({
    domain: "house.test",
    componentDomain: "iot.house.test",
    pubsubDomain: "pubsub.house.test",
    owner: { jid: "owner@house.test", passwordFile: join(dataDir, "owner-password") },
  });
  expect(prosody.secret).toMatch(/^[0-9a-f]{64}$/);
  const password = readFileSync(prosody.owner.passwordFile, "utf8");
  expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  const owner = await logIn(prosody, password);

  const request = el("request", {
    xmlns: "urn:xmpp:http:upload:0",
    filename: "a.txt",
    size: 5,
    "content-type": "text/plain",
  });
  const slot = (await owner.iq(el("iq", { type: "get", to: "upload.house.test" }, request))).getChild("slot");
  const put = slot?.getChild("put");
  const headers = Object.fromEntries(
    put?.getChildren("header").map((header) => [header.attrs.name, header.getText()]) ?? [],
  );
  const stored = await fetch(put?.attrs.url, {
    method: "PUT",
    body: "hello",
    headers: { ...headers, "content-type": "text/plain" },
  });
  expect(stored.status).toBe(201);
  const got = await fetch(slot?.getChild("get")?.attrs.url);
  expect(await got.text()).toBe("hello");
  await owner.stop();
});

test("keeps domain, secret, ports and password over a restart", async () => {
  const dataDir = aDataDirectory();
  const first = await start(dataDir);
  const password = readFileSync(first.owner.passwordFile, "utf8");
  await first.stop();
  const second = await start(dataDir);
  for (const key of ["domain", "secret", "componentPort", "c2sPort"] as const)
    expect(second[key]).toBe(first[key]);
  expect(readFileSync(second.owner.passwordFile, "utf8")).toBe(password);
});

test("keeps what only the gateway may know from everybody else", async () => {
  const dataDir = aDataDirectory();
  await start(dataDir, { listen: "lan", domain: "house.test" });
  const modeOf = (path: string) => (statSync(join(dataDir, path)).mode & 0o777).toString(8);
  for (const directory of ["", "prosody", "prosody/data", "prosody/certificates"])
    expect(modeOf(directory)).toBe("700");
  const secrets = ["component-secret", "prosody.cfg.lua", "certificates/ca.key", "certificates/server.key"];
  secrets.push("data/house%2etest/accounts/owner.dat");
  for (const file of ["owner-password", ...secrets.map((name) => `prosody/${name}`)])
    expect(modeOf(file)).toBe("600");
});

test("refuses to start with a secret that others may read", async () => {
  const dataDir = aDataDirectory();
  await (await start(dataDir)).stop();
  chmodSync(join(dataDir, "prosody/component-secret"), 0o644);
  await expect(start(dataDir)).rejects.toMatchObject({
    code: "config-invalid",
    message: expect.stringContaining("chmod 600"),
  });
});

test("refuses another domain than the one of the first start, and one that cannot be", async () => {
  const dataDir = aDataDirectory();
  await (await start(dataDir, { domain: "house.test" })).stop();
  await expect(start(dataDir, { domain: "other.test" })).rejects.toThrow(/house\.test since its first start/);
  await expect(start(aDataDirectory(), { domain: "My House" })).rejects.toMatchObject({
    code: "config-invalid",
  });
});

test("called off while it starts, it leaves no process behind", async () => {
  const dataDir = aDataDirectory();
  const stop = new AbortController();
  const log = new RecordingLog();
  // Prosody's first words: it runs, and is not ready.
  log.debug = () => stop.abort();
  await expect(
    startEmbeddedProsody({ dataDir, listen: "loopback", log, signal: stop.signal }),
  ).rejects.toThrow("it was called off");
  const { stdout } = await promisify(execFile)("ps", ["-eo", "args"]);
  expect(stdout).not.toContain(dataDir);
});

test("leaves no process and no open port behind when it is stopped", async () => {
  const prosody = await start(aDataDirectory());
  const { pid } = prosody;
  expect(isAlive(pid)).toBe(true);
  await prosody.stop();
  expect(isAlive(pid)).toBe(false);
  expect(await isFree(prosody.c2sPort, "127.0.0.1")).toBe(true);
  expect(await isFree(prosody.componentPort, "127.0.0.1")).toBe(true);
});

test("is out of reach of a Ctrl-C that is meant for the gateway", async () => {
  const { pid } = await start(aDataDirectory());
  const [, group] = /\) \S+ \d+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
  expect(Number(group)).toBe(pid);
});

test("ends by force when it does not listen to being stopped", async () => {
  const prosody = await start(aDataDirectory());
  const { pid } = prosody;
  if (pid !== undefined) process.kill(pid, "SIGSTOP");
  // Two signals that wait together would be delivered in the order of their numbers.
  await expect.poll(() => stateOf(pid)).toBe("T");
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const stopped = prosody.stop();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(isAlive(pid)).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  await stopped;
  expect(isAlive(pid)).toBe(false);
});

test("leaves nothing behind when the gateway is killed, and starts again on the same ports", async () => {
  const dataDir = aDataDirectory();
  const script = fileURLToPath(new URL("../support/embedded-host.js", import.meta.url));
  const host = spawn(process.execPath, [script, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await Promise.race([
    once(createInterface({ input: host.stdout }), "line"),
    once(host, "exit"),
  ]);
  const { pid, c2sPort, componentPort } = JSON.parse(line);
  expect(isAlive(pid)).toBe(true);
  host.kill("SIGKILL");
  await once(host, "close");
  await expect.poll(() => isAlive(pid)).toBe(false);

  const next = await start(dataDir);
  expect([next.c2sPort, next.componentPort]).toEqual([c2sPort, componentPort]);
});

test("takes another port when its own is taken, and keeps that one", async () => {
  const dataDir = aDataDirectory();
  const { c2sPort, stop } = await start(dataDir);
  await stop();
  const intruder = createServer().listen(c2sPort, "127.0.0.1");
  await once(intruder, "listening");
  const second = await start(dataDir);
  expect(second.c2sPort).not.toBe(c2sPort);
  intruder.close();
  await second.stop();
  expect((await start(dataDir)).c2sPort).toBe(second.c2sPort);
});

test("runs again after it died by itself, and the log says so", async () => {
  const prosody = await start(aDataDirectory());
  const { pid } = prosody;
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  await expect.poll(() => prosody.pid !== pid && isAlive(prosody.pid)).toBe(true);
  expect(prosody.log.lines).toContainEqual(
    expect.objectContaining({ level: "error", fields: { how: "SIGKILL", pause: 1000 } }),
  );
});

test("does not change the password of an owner who chose another one", async () => {
  const dataDir = aDataDirectory();
  const first = await start(dataDir, { domain: "house.test" });
  await first.stop();
  const account = join(dataDir, "prosody/data/house%2etest/accounts/owner.dat");
  const chosen = readFileSync(account, "utf8").replace(/stored_key.*/, 'stored_key"] = "chosen";');
  writeFileSync(account, chosen);
  await (await start(dataDir)).stop();
  expect(readFileSync(account, "utf8")).toBe(chosen);
});

test("starts without the community modules where they cannot be had, and the log says so once", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "homeroster-data-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const packages = join(dataDir, "packages");
  linkAllBut(packageDirectory, packages, "usr/lib/prosody/modules/mod_privilege");
  const marker = JSON.parse(readFileSync(join(packageDirectory, "unpacked.json"), "utf8"));
  rmSync(join(packages, "unpacked.json"));
  writeFileSync(join(packages, "unpacked.json"), JSON.stringify({ ...marker, names: ["prosody"] }));
  const noNetwork = ["http", "https"].map((scheme) => `Acquire::${scheme}::Proxy "http://127.0.0.1:1";`);
  const aptConfig = join(dataDir, "apt.conf");
  writeFileSync(
    aptConfig,
    ["Acquire::Retries 0;", `Dir::State::lists "${dataDir}/none";`, ...noNetwork].join("\n"),
  );
  vi.stubEnv("APT_CONFIG", aptConfig);
  onTestFinished(() => void vi.unstubAllEnvs());

  const prosody = await start(dataDir, { domain: "house.test" });
  const warnings = prosody.log.lines.filter(({ message }) => message.startsWith("Devices do not come"));
  expect(warnings).toEqual([expect.objectContaining({ level: "warn" })]);
  const owner = await logIn(prosody, readFileSync(prosody.owner.passwordFile, "utf8"));
  await owner.stop();
});

/** A tree of links that lacks one directory. */
function linkAllBut(from: string, to: string, left: string): void {
  const [first = "", ...rest] = left.split("/");
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== first) symlinkSync(join(from, name), join(to, name));
  if (rest.length > 0) linkAllBut(join(from, first), join(to, first), rest.join("/"));
}

test("demands TLS on the network, with a certificate of its own authority", async () => {
  const prosody = await start(aDataDirectory(), { listen: "lan", domain: "house.test" });
  const { command, environment } = testProgram("openssl");
  const { ca } = prosody;
  const parameters = [
    "-connect",
    `127.0.0.1:${prosody.c2sPort}`,
    "-starttls",
    "xmpp",
    "-xmpphost",
    "house.test",
  ];
  const session = promisify(execFile)(
    command,
    [
      "s_client",
      ...parameters,
      "-CAfile",
      ca?.file ?? "",
      "-verify_hostname",
      "house.test",
      "-verify_return_error",
    ],
    { env: { ...process.env, ...environment } },
  );
  session.child.stdin?.end();
  expect((await session).stdout).toContain("Verify return code: 0 (ok)");
  for (const fingerprint of [ca?.fingerprint, ca?.serverFingerprint]) {
    expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  }

  const plain = connect(prosody.c2sPort, "127.0.0.1").setEncoding("utf8");
  plain.write(
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='house.test' version='1.0'>",
  );
  let said = "";
  plain.on("data", (text) => {
    said += text;
  });
  await expect.poll(() => said).toContain("</stream:features>");
  plain.destroy();
  expect(said).toContain("<required/>");
  expect(said).not.toContain("<mechanism>");
});
