import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusDocument } from "../../src/cli/status-document.js";
import { GatewayProcess } from "../support/gateway-process.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";

const execute = promisify(execFile);

let gateway: GatewayProcess;
let status: StatusDocument;
let owner: SlixmppOwner;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  status = await gateway.until(({ ready }) => ready);
  owner = await slixmppOwner(status.owner?.jid ?? "", await passwordOf(status), status.xmpp.c2sPort ?? 0);
});
afterAll(async () => {
  await owner?.stop();
  await gateway?.remove();
});

async function passwordOf({ owner: account }: StatusDocument): Promise<string> {
  return (await readFile(account?.passwordFile ?? "", "utf8")).trim();
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}

async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await execute("ps", ["-eo", "pid,args", "--no-headers"]);
  return stdout.split("\n").filter((line) => line.includes(text) && !line.includes("ps -eo"));
}

test("finds the simulated house by service discovery", async () => {
  owner.do({ do: "disco", jid: status.xmpp.domain });
  const { jids } = await owner.hear("the devices", ({ got }) => got === "items");
  expect(jids).toContain(`home@${status.xmpp.domain}`);
  expect(jids).toContain(`kitchen-lamp@${status.xmpp.domain}`);
  expect((jids as string[]).length).toBeGreaterThan(11);
});

test("finds the house among the contacts, room by room, and sees it, without subscribing", async () => {
  for (const [local, name, groups] of [
    ["kitchen-lamp", "Kitchen lamp", ["Kitchen"]],
    ["home", "Home", []],
  ] as const) {
    const jid = `${local}@${status.xmpp.domain}`;
    const contact = await owner.hear(
      `${local} on the roster`,
      ({ got, jid: of }) => got === "contact" && of === jid,
    );
    expect(contact).toMatchObject({ name, groups });
    await owner.hear(
      `the presence of ${local}`,
      ({ got, sender, resource }) => got === "presence" && sender === jid && resource === "device",
    );
  }
});

test("subscribes to a lamp by hand, sees it, says on, and hears what the lamp confirmed", async () => {
  const jid = `kitchen-lamp@${status.xmpp.domain}`;
  owner.forget();
  owner.do({ do: "subscribe", jid });
  await owner.hear(
    "the lamp's presence",
    ({ got, sender, resource }) => got === "presence" && sender === jid && resource === "device",
  );
  owner.do({ do: "say", jid, body: "on" });
  const { body } = await owner.hear(
    "the lamp's answer",
    ({ got, sender }) => got === "message" && sender === jid,
  );
  expect(body).toBe("Kitchen lamp is on.");
});

test("asks the house for its list", async () => {
  const jid = `home@${status.xmpp.domain}`;
  owner.do({ do: "say", jid, body: "list" });
  const { body } = await owner.hear("the list", ({ got, sender }) => got === "message" && sender === jid);
  expect(body).toContain("Kitchen");
  expect(body).toContain(`kitchen-lamp@${status.xmpp.domain}`);
});

test("says at the first look where to log in, in under a screen", () => {
  const banner = gateway.output.split("\n").filter((line) => !/^[{[]/.test(line));
  expect(banner.join("\n")).toContain(status.owner?.jid);
  expect(banner.length).toBeLessThan(24);
});

test("a second gateway in the same directory is refused", async () => {
  const second = await gateway.again();
  await expect.poll(() => second.child.exitCode).toBe(69);
  expect(second.output).toContain(`pid ${status.pid}`);
});

test("Ctrl-C leaves no process, no port and no lock; the next start is the same house", async () => {
  const ports = [
    status.xmpp.c2sPort ?? 0,
    status.xmpp.componentPort,
    Number(new URL(status.http.url).port),
    Number(new URL(status.mqtt?.url ?? "").port),
  ];
  const password = await passwordOf(status);
  await owner.stop();
  expect(await gateway.end("SIGINT")).toBe(0);
  expect(await processesNaming(gateway.dataDir)).toEqual([]);
  expect(await Promise.all(ports.map(isOpen))).toEqual(ports.map(() => false));
  expect((await readdir(gateway.dataDir)).filter((name) => /sock|lock|pid/.test(name))).toEqual([]);

  gateway = await gateway.again();
  const next = await gateway.until(({ ready }) => ready);
  expect([next.owner?.jid, next.xmpp.domain, await passwordOf(next)]).toEqual([
    status.owner?.jid,
    status.xmpp.domain,
    password,
  ]);
  status = next;
  owner = await slixmppOwner(next.owner?.jid ?? "", password, next.xmpp.c2sPort ?? 0);
  await owner.hear(
    "the lamp, still subscribed",
    ({ got, sender }) => got === "presence" && sender === `kitchen-lamp@${next.xmpp.domain}`,
  );
});

test("kill -9 leaves no Prosody behind, and no lock that stops the next start", async () => {
  await owner.stop();
  await gateway.end("SIGKILL");
  await expect.poll(() => processesNaming(join(gateway.dataDir, "prosody"))).toEqual([]);
  gateway = await gateway.again();
  status = await gateway.until(({ ready }) => ready);
  owner = await slixmppOwner(status.owner?.jid ?? "", await passwordOf(status), status.xmpp.c2sPort ?? 0);
});
