import { expect, test } from "vitest";
import { type Banner, bannerText } from "../../src/cli/banner.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

const trial: Banner = {
  server: {
    owner: { jid: "owner@raspberrypi.local", passwordFile: "/srv/data/owner-password" },
    c2sPort: 5222,
  },
  house: "home@iot.raspberrypi.local",
  devices: [],
  httpUrl: "http://127.0.0.1:8480",
  tokenFile: "/srv/data/admin-token",
  mqttUrl: "mqtt://127.0.0.1:1883",
};

test("tells the account, the way in, the house, and what to try with its own devices", async () => {
  const { house } = aHouse(aDevice({ label: "Desk lamp" }));
  const text = await bannerText({ ...trial, devices: house.devices("alice") }, false);
  expect(text).toContain("Log in as owner@raspberrypi.local, password in /srv/data/owner-password");
  expect(text).toContain("server 127.0.0.1, port 5222, without TLS");
  expect(text).toContain("write to it: help · list · desk lamp on · lights off");
  expect(text).toContain("MQTT mqtt://127.0.0.1:1883");
});

test("promises no lamp to a house without lights", async () => {
  expect(await bannerText(trial, false)).toContain("write to it: help · list\n");
});

test("shows both fingerprints when phones may come", async () => {
  const ca = { file: "/srv/ca.crt", fingerprint: "AA:AA", serverFingerprint: "BB:BB" };
  const text = await bannerText(
    { ...trial, server: { owner: { jid: "o@h", passwordFile: "p" }, c2sPort: 5222, ca } },
    false,
  );
  expect(text).toContain("Certificate BB:BB");
  expect(text).toContain("of the authority AA:AA, to install: /srv/ca.crt");
});

test("asks nobody to log in at a server that is not ours", async () => {
  const text = await bannerText({ ...trial, server: undefined }, false);
  expect(text).toMatch(/^Homeroster is running\.\n/);
  expect(text).not.toContain("password");
});

test.each([true, false])(
  "fits a screen (terminal: %s), and the code has its colours only on a terminal",
  async (isTerminal) => {
    const text = await bannerText(trial, isTerminal);
    expect(text.split("\n").length).toBeLessThanOrEqual(24);
    expect(text.includes("\u001b[")).toBe(isTerminal);
  },
);
