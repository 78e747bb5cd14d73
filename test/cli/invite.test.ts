import { expect, test } from "vitest";
import { inviteText } from "../../src/cli/invite.js";

const answer = {
  uri: "xmpp:house.test?register;preauth=t0ken",
  jid: "bob@house.test",
  role: "resident",
  expiresAt: "2026-12-02T16:47:00.000Z",
  server: { host: "127.0.0.1", port: 5222 },
  house: "home@iot.house.test",
};

test("says for whom it is, how long, and that phones need --lan, in under a screen", async () => {
  const text = await inviteText(answer, false);
  const lines = text.split("\n");
  expect(lines).toContain("xmpp:house.test?register;preauth=t0ken");
  expect(text).toMatch(/^For {7}bob@house\.test, who will be resident here; once, and until 2 Dec 2026, /m);
  expect(lines.slice(-5)).toEqual([
    "Name      bob: an account of another name is refused",
    "Server    127.0.0.1:5222 without TLS, for clients on this machine alone",
    "Phones    can use it when the gateway was started with --lan",
    "Then      write to xmpp:home@iot.house.test",
    "",
  ]);
  expect(lines.length).toBeLessThan(26);
});

test("with an open server it tells the address in the network, and the fingerprint", async () => {
  const server = { host: "192.168.1.5", port: 5222, fingerprint: "ab12" };
  const text = await inviteText({ ...answer, server }, true);
  expect(text).toContain("Server    192.168.1.5:5222 with TLS\nSHA-256   ab12\nThen ");
  expect(text).not.toContain("--lan");
});
