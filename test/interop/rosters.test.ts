import { expect, onTestFinished, test } from "vitest";
import { startEjabberd } from "../support/ejabberd.js";
import { slixmppOwner } from "../support/slixmpp.js";
import { ask, presence, RosterHouse } from "../xmpp/roster-house.js";

// Debian's ejabberd is older than 23.10, and announces what it does not do.
test("a server that grants access to rosters and fails at it is left alone, and subscribing by hand works", async () => {
  const ejabberd = await startEjabberd({ rosters: true });
  onTestFinished(() => ejabberd.stop());
  const ours = new RosterHouse(ejabberd);
  ours.start();
  onTestFinished(() => ours.stop());
  const refusal = { domain: "house.test", reason: "internal-server-error" };
  const logged = () => ours.log.lines.map(({ fields }) => fields);
  await expect.poll(logged, { timeout: 20_000 }).toContainEqual(refusal);

  const client = await slixmppOwner("owner@house.test", "owner", ejabberd.c2sPort);
  onTestFinished(() => client.stop());
  const lamp = "kitchen-lamp@iot.house.test";
  client.do({ do: "subscribe", jid: lamp });
  await presence(client, lamp);
  expect(await ask(client, "add kitchen lamp")).toBe(
    `Your server does not let me do that. Add ${lamp} in your client.`,
  );
  expect(ours.log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
});
