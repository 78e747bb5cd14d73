import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GatewayProcess } from "../support/gateway-process.js";
import { type LineEnd, openLineEnd } from "../support/line-end.js";
import { startProsody } from "../support/prosody.js";
import { openPty, type TestPty } from "../support/pty.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";
import type { TestXmppServer } from "../support/xmpp-server.js";

const boiler = "boiler@iot.house.test";

let server: TestXmppServer;
let pty: TestPty;
let far: LineEnd;
let gateway: GatewayProcess;
let owner: SlixmppOwner;
let directory: string;

beforeAll(async () => {
  [server, pty] = await Promise.all([startProsody(), openPty()]);
  far = openLineEnd(pty.far);
  directory = await mkdtemp(join(tmpdir(), "homeroster-config-"));
  const configFile = join(directory, "homeroster.yaml");
  await writeFile(join(directory, "secrets.yaml"), `component: ${server.secret}\n`, { mode: 0o600 });
  await writeFile(
    configFile,
    `
home: { name: Our house, language: en, timezone: Europe/Berlin, units: metric }
xmpp:
  server: component
  domain: ${server.component}
  port: ${server.port}
  secret: !secret component
  pubsub: ${server.pubsub}
owners: [owner@house.test]
http: { listen: 127.0.0.1:0 }
adapters:
  meter: { kind: serial, path: ${pty.port}, baudRate: 115200, framing: { kind: line } }
devices:
  boiler:
    adapter: meter
    channels:
      pressure: { value: { kind: number, unit: bar }, address: { match: "^P=(?<value>[0-9.]+)$" } }
      pump:     { value: switch, address: { match: "^PUMP=(?<value>0|1)$", on: 1, off: 0, send: "PUMP={value}\\n" } }
      fan:      { value: switch, address: { on: 1, off: 0, send: "FAN={value}\\n" } }
`,
  );
  gateway = await GatewayProcess.start(["--config", configFile]);
  await gateway.until(({ ready }) => ready);
  await far.say("P=1.5\n");
  owner = await slixmppOwner("owner@house.test", "owner", server.c2sPort);
  owner.do({ do: "subscribe", jid: boiler });
  await heardPresence(() => true);
});
afterAll(async () => {
  await owner?.stop();
  await gateway?.remove();
  await far.stop();
  await Promise.all([server.stop(), pty.close()]);
  await rm(directory, { recursive: true });
});

function heardPresence(predicate: (presence: { status: string; type: string }) => boolean) {
  return owner.hear("the presence of the boiler", ({ got, sender, resource, status, type }) => {
    const isOurs = got === "presence" && sender === boiler && resource === "device";
    return isOurs && predicate({ status: String(status), type: String(type) });
  });
}

async function answer(): Promise<string> {
  const message = await owner.hear("an answer", ({ got, sender }) => got === "message" && sender === boiler);
  return String(message.body);
}

test("what the device prints arrives as presence, and half a line does not", async () => {
  await far.say("P=1.");
  await far.say("7\n");
  await heardPresence(({ status }) => status.includes("1.7 bar"));
});

test("'pump on' reaches the line as exactly what the configuration says, and the device's own word confirms it", async () => {
  const before = far.received.length;
  owner.do({ do: "say", jid: boiler, body: "pump on" });
  await expect.poll(() => far.received.slice(before), { timeout: 15_000 }).toBe("PUMP=1\n");
  await far.say("PUMP=1\n");
  expect(await answer()).toMatch(/is on\.$/);
});

test("a channel that cannot be read is answered as sent", async () => {
  const before = far.received.length;
  owner.do({ do: "say", jid: boiler, body: "fan on" });
  expect(await answer()).toMatch(/sent/i);
  await expect.poll(() => far.received.slice(before)).toBe("FAN=1\n");
});

test("an unplugged port is seen, and the device is there again with the port", async () => {
  owner.forget();
  await pty.pull();
  await far.stop();
  await heardPresence(({ type }) => type === "unavailable");
  await pty.plug();
  far = openLineEnd(pty.far);
  await gateway.until(({ ready }) => ready);
  await far.say("P=1.2\n");
  await heardPresence(({ status }) => status.includes("1.2 bar"));
});
