import { readFile, writeFile } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { checkXmppServer } from "../../src/doctor/xmpp-server.js";
import { startProsody, type TestProsody } from "../support/prosody.js";
import { silentLog } from "../support/silent-log.js";
import { settingsFor, xmppServerSuite } from "./xmpp-server-suite.js";

xmppServerSuite(startProsody);

/** The same server, whose configuration says something else. */
async function reconfigure(prosody: TestProsody, from: string, to: string): Promise<void> {
  const file = prosody.logFile.replace("prosody.log", "prosody.cfg.lua");
  const text = await readFile(file, "utf8");
  expect(text).toContain(from);
  await prosody.kill();
  await writeFile(file, text.replace(from, to));
  await prosody.restart();
}

test("a PubSub service that lets nobody make nodes, and a server that holds small writes back", async () => {
  const prosody = await startProsody();
  onTestFinished(() => prosody.stop());
  await reconfigure(prosody, 'admins = { "iot.house.test" }', "admins = { }");
  await reconfigure(prosody, "nagle = false", "nagle = true");
  const [, nagle, pubsub] = await checkXmppServer(settingsFor(prosody), silentLog);
  expect(nagle).toMatchObject({
    check: "Small writes",
    level: "warn",
    cure: expect.stringContaining("nagle = false"),
  });
  expect(pubsub).toMatchObject({
    level: "fail",
    text: expect.stringContaining("forbidden"),
    cure: expect.stringContaining('admins = { "iot.house.test" }'),
  });
});
