import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusDocument } from "../../src/cli/status-document.js";
import { GatewayProcess } from "../support/gateway-process.js";
import { testPython } from "../support/packages.js";
import { slixmppOwner } from "../support/slixmpp.js";

const execute = promisify(execFile);
const program = fileURLToPath(new URL("../../bin/homeroster.js", import.meta.url));
const guest = fileURLToPath(new URL("guest.py", import.meta.url));

let gateway: GatewayProcess;
let status: StatusDocument;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  status = await gateway.until(({ ready }) => ready);
});
afterAll(() => gateway?.remove());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function homeroster(...parameters: string[]): Promise<Ended> {
  const all = [program, ...parameters, "--data", gateway.dataDir];
  return new Promise((settle) => {
    execFile(process.execPath, all, { cwd: gateway.dataDir }, (error, stdout, stderr) =>
      settle({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

/** Makes an account with the token of an invitation, or hears why not. */
async function register(
  user: string,
  uri: string,
): Promise<{ readonly got: string; readonly text?: string }> {
  const [, domain = "", token = ""] = /^xmpp:([^?]+)\?register;preauth=(.+)$/.exec(uri) ?? [];
  const python = testPython();
  const parameters = [
    guest,
    `${user}@${domain}`,
    "guest-password",
    "127.0.0.1",
    `${status.xmpp.c2sPort}`,
    token,
  ];
  const { stdout } = await execute(python.command, parameters, {
    env: { ...process.env, ...python.environment },
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

async function invite(...parameters: string[]) {
  const { stdout } = await homeroster("invite", ...parameters, "--json");
  return JSON.parse(stdout) as { readonly uri: string; readonly jid: string; readonly expiresAt: string };
}

test("lists the house, gives it commands, and asks for the code of a hazard", async () => {
  const { stdout } = await homeroster("devices");
  expect(stdout).toMatch(/^Kitchen\n {2}Kitchen lamp +kitchen-lamp +online +o/m);
  expect(await homeroster("send", "kitchen-lamp", "power", "on")).toEqual({
    code: 0,
    stdout: "Kitchen lamp is on.\n",
    stderr: "",
  });
  const asked = await homeroster("send", "front-door", "lock", "unlock");
  expect(asked).toMatchObject({ code: 28, stdout: "" });
  const [, code = ""] = /^Unlock Front door\? Repeat .* --confirm (\d{4})\n$/.exec(asked.stderr) ?? [];
  expect(await homeroster("send", "front-door", "lock", "unlock", "--confirm", code)).toMatchObject({
    code: 0,
    stdout: "Front door is unlocked.\n",
  });
});

test("a token opens HTTP at once, and revoked, it opens nothing and its stream ends", async () => {
  const { stdout } = await homeroster("token", "create", "dashboard", "--role", "viewer");
  const headers = { authorization: `Bearer ${stdout.trim()}` };
  const ask = () => fetch(`${status.http.url}/api/v1/devices`, { headers });
  expect((await ask()).status).toBe(200);
  const stream = await fetch(`${status.http.url}/api/v1/events`, { headers });
  expect(stream.status).toBe(200);
  expect((await homeroster("token", "revoke", "dashboard")).code).toBe(0);
  expect((await ask()).status).toBe(401);
  await homeroster("send", "kitchen-lamp", "power", "toggle");
  // Ends, where an open stream would go on for ever.
  await stream.text();
});

test("who was invited makes the account, once and under that name, and then talks to the house", async () => {
  const { uri, jid, expiresAt } = await invite("bob");
  expect(jid).toBe(`bob@${status.xmpp.domain.replace("iot.", "")}`);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);

  expect(await register("mallory", uri)).toEqual({
    got: "refusal",
    text: "This invitation is for the name bob.",
  });
  expect(await register("bob", uri)).toEqual({ got: "account" });
  expect(await register("bob", uri)).toEqual({
    got: "refusal",
    text: expect.stringMatching(/invalid or expired/),
  });

  const bob = await slixmppOwner(jid, "guest-password", status.xmpp.c2sPort ?? 0);
  try {
    // The devices come to the roster of whoever may see them.
    await bob.hear(
      "a device",
      ({ got, sender }) => got === "presence" && sender === `kitchen-lamp@${status.xmpp.domain}`,
    );
    bob.do({ do: "say", jid: `home@${status.xmpp.domain}`, body: "kitchen lamp off" });
    const { body } = await bob.hear("the answer", ({ got }) => got === "message");
    expect(body).toBe("Kitchen lamp is off.");
  } finally {
    await bob.stop();
  }
  expect(await homeroster("invite", "bob")).toMatchObject({
    code: 65,
    stderr: expect.stringContaining(`There is an account ${jid} already.`),
  });
});

test("doctor asks the running gateway about its links, and takes none from it", async () => {
  const { code, stdout } = await homeroster("doctor", "--json");
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: { level: string; text: string }[] };
  expect([code, ok, findings.filter(({ level }) => level === "fail")]).toEqual([0, true, []]);
  expect(findings.map(({ text }) => text)).toContain(`Its link XMPP, as ${status.xmpp.domain}: online.`);
  expect((await gateway.status()).ready).toBe(true);
});

test("whatever wants a gateway ends with 3 where none runs", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "homeroster-none-"));
  const commands = [["status"], ["devices"], ["send", "a", "b", "c"], ["invite", "bob"]];
  const ends = await Promise.all(
    commands.map((command) =>
      execute(process.execPath, [program, ...command, "--data", elsewhere]).then(
        () => 0,
        (error: { code: number }) => error.code,
      ),
    ),
  );
  expect(ends).toEqual([3, 3, 3, 3]);
  await rm(elsewhere, { recursive: true });
});
