import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/doctor/finding.js";
import type { ComponentSettings } from "../../src/doctor/xmpp-link.js";
import { checkXmppServer } from "../../src/doctor/xmpp-server.js";
import { silentLog } from "../support/silent-log.js";
import type { TestXmppServer } from "../support/xmpp-server.js";

/** How a configuration would name the server of a test. */
export function settingsFor({
  component: domain,
  pubsub,
  host,
  port,
  secret,
}: TestXmppServer): ComponentSettings {
  return {
    server: "component",
    pubsubNames: "plain",
    presenceEvery: 30_000,
    publishEvery: 1000,
    domain,
    host,
    port,
    secret,
    pubsub,
  };
}

/** What the doctor says of any server. */
export function xmppServerSuite(start: () => Promise<TestXmppServer>): void {
  let server: TestXmppServer;

  beforeAll(async () => {
    server = await start();
  });

  afterAll(() => server?.stop());

  function findings(changes: Partial<ComponentSettings> = {}): Promise<readonly Finding[]> {
    return checkXmppServer({ ...settingsFor(server), ...changes }, silentLog);
  }

  test("a server that has all is found well", async () => {
    expect(await findings()).toEqual([
      {
        check: "XMPP server",
        level: "ok",
        text: `127.0.0.1 port ${server.port} takes the gateway in as iot.house.test.`,
      },
      {
        check: "Small writes",
        level: "ok",
        text: expect.stringMatching(/^The server answers without delay/),
      },
      { check: "PubSub", level: "ok", text: "pubsub.house.test lets the gateway make nodes." },
      { check: "Uploads", level: "ok", text: "upload.house.test takes files." },
    ]);
  });

  test("a wrong secret and an unknown domain are told with what to change", async () => {
    const [secret] = await findings({ secret: "wrong" });
    expect(secret).toMatchObject({ level: "fail", text: expect.stringContaining("xmpp.secret") });
    const [domain] = await findings({ domain: "other.house.test" });
    expect(domain).toMatchObject({ level: "fail", text: expect.stringContaining("xmpp.domain") });
  });

  test("so is a port where nobody listens, and one where something else does", async () => {
    const [nobody] = await findings({ port: 1 });
    expect(nobody).toMatchObject({
      level: "fail",
      text: "No XMPP server listens for components at 127.0.0.1 port 1.",
      cure: expect.stringContaining("ss -ltn"),
    });
    const other = createServer((socket) => socket.end("220 mail.example.org ESMTP\r\n"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const [wrong] = await findings({ port: typeof address === "object" ? (address?.port ?? 0) : 0 });
    expect(wrong?.level).toBe("fail");
    other.close();
  });

  test("a PubSub service that is not there, and none that is set", async () => {
    const [, , missing] = await findings({ pubsub: "pubusb.house.test" });
    expect(missing).toMatchObject({
      check: "PubSub",
      level: "fail",
      cure: expect.stringContaining("Correct xmpp.pubsub"),
    });
    const { pubsub: _, ...without } = settingsFor(server);
    const [, , unset] = await checkXmppServer(without, silentLog);
    expect(unset).toMatchObject({
      check: "PubSub",
      level: "warn",
      cure: "The server has one: set xmpp.pubsub to pubsub.house.test.",
    });
  });
}
