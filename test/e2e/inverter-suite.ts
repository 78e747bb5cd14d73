import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GatewayProcess } from "../support/gateway-process.js";
import { inverterOfThePage, startInverter, type TestInverter } from "../support/inverter.js";
import { testPort } from "../support/ports.js";
import { type SlixmppOwner, slixmppOwner } from "../support/slixmpp.js";
import type { TestXmppServer } from "../support/xmpp-server.js";

const inverter = "inverter@iot.house.test";

/** What the inverter of the HTTP adapter's page owes its owner on every XMPP server: the page, followed to the letter but for its pace. */
export function inverterSuite(start: () => Promise<TestXmppServer>): void {
  let server: TestXmppServer;
  let device: TestInverter;
  let gateway: GatewayProcess;
  let owner: SlixmppOwner;
  let directory: string;

  beforeAll(async () => {
    const port = await testPort();
    [server, device] = await Promise.all([start(), startInverter(port)]);
    directory = await mkdtemp(join(tmpdir(), "homeroster-config-"));
    const configFile = join(directory, "homeroster.yaml");
    await writeFile(join(directory, "secrets.yaml"), `component: ${server.secret}\n`, { mode: 0o600 });
    const { yaml } = await inverterOfThePage(port);
    await writeFile(
      configFile,
      `
xmpp:
  server: component
  domain: ${server.component}
  port: ${server.port}
  secret: !secret component
  pubsub: ${server.pubsub}
owners: [owner@house.test]
http: { listen: 127.0.0.1:0 }
${yaml.replace("every: 10s", "every: 1s")}`,
    );
    gateway = await GatewayProcess.start(["--config", configFile]);
    await gateway.until(({ ready }) => ready);
    owner = await slixmppOwner("owner@house.test", "owner", server.c2sPort);
    owner.do({ do: "subscribe", jid: inverter });
  });
  afterAll(async () => {
    await owner?.stop();
    await gateway?.remove();
    await Promise.all([server.stop(), device.stop()]);
    await rm(directory, { recursive: true });
  });

  function heardPresence(predicate: (presence: { status: string; type: string }) => boolean) {
    return owner.hear("the presence of the inverter", ({ got, sender, resource, status, type }) => {
      const isOurs = got === "presence" && sender === inverter && resource === "device";
      return isOurs && predicate({ status: String(status), type: String(type) });
    });
  }

  test("what it answers is its presence", async () => {
    await heardPresence(({ status }) => status.includes("80 %") && status.includes("512.5 W"));
  });

  test("a new limit is one request, and confirmed by the next reading", async () => {
    owner.do({ do: "say", jid: inverter, body: "limit 50" });
    const answer = await owner.hear(
      "the confirmation",
      ({ got, sender }) => got === "message" && sender === inverter,
    );
    expect(device.told).toEqual(['PUT /api/limit {"limit": 50}']);
    expect(answer.body).toMatch(/^Inverter is 50 %\.$/);
  });

  test("its end is seen with the reason, and its return", async () => {
    owner.forget();
    await device.kill();
    const gone = await heardPresence(({ type }) => type === "unavailable");
    expect(gone.status).toMatch(/nothing listens there/);
    await device.restart();
    await heardPresence(({ type, status }) => type !== "unavailable" && status.includes("80 %"));
  });
}
