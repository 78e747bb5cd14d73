import { expect, test } from "vitest";
import { type Banner, bannerText } from "../../src/cli/banner.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

const owner = { jid: "owner@raspberrypi.local", passwordFile: "data/owner-password" };
const trial: Banner = {
  server: { owner, c2sHost: "127.0.0.1", c2sPort: 5222 },
  house: "home@iot.raspberrypi.local",
  devices: [],
  httpUrl: "http://127.0.0.1:8480",
  tokenFile: "data/admin-token",
  mqttUrl: "mqtt://127.0.0.1:1883",
};
const fingerprint = Array.from({ length: 32 }, () => "AB").join(":");
const ca = {
  file: "data/prosody/certificates/ca.crt",
  fingerprint,
  serverFingerprint: fingerprint.replaceAll("B", "C"),
};
const open: Banner = { ...trial, server: { owner, c2sHost: "192.168.1.5", c2sPort: 5222, ca } };

test("tells the account, the way in, the house, and what to try with its own devices", async () => {
  const { house } = aHouse(aDevice({ label: "Desk lamp" }));
  const text = await bannerText({ ...trial, devices: house.devices("alice") }, false);
  expect(text).toContain("\nAccount   owner@raspberrypi.local, password in data/owner-password\n");
  expect(text).toContain("\nServer    127.0.0.1:5222 without TLS");
  expect(text).toContain("\nHouse     xmpp:home@iot.raspberrypi.local\n");
  expect(text).toContain("\nWrite it  help · list · desk lamp on · lights off\n");
  expect(text).toContain("mqtt://127.0.0.1:1883\n");
});

test("promises no lamp to a house without lights", async () => {
  expect(await bannerText(trial, false)).toContain("\nWrite it  help · list\n");
});

test("shows both fingerprints when phones may come", async () => {
  const text = await bannerText(open, false);
  expect(text).toContain(`\nSHA-256   ${"ac".repeat(32)}\n`);
  expect(text).toContain(`\nits CA's  ${"ab".repeat(32)}\n`);
  expect(text).toContain("data/prosody/certificates/ca.crt, to install on the phone");
});

test("asks nobody to log in at a server that is not ours", async () => {
  const text = await bannerText({ ...trial, server: undefined }, false);
  expect(text).toContain("\nHomeroster is running.\nHouse ");
  expect(text).not.toContain("password");
});

test.each([
  [trial, true],
  [trial, false],
  [open, true],
  [open, false],
])("fits a screen of 24 lines of 80 characters", async (banner, isTerminal) => {
  const { house } = aHouse(aDevice());
  const text = await bannerText({ ...banner, devices: house.devices("alice") }, isTerminal);
  const isColoured = text.includes("\u001b[");
  const rows = text
    .trimEnd()
    .replaceAll(/\p{Cc}\[\d+m/gu, "")
    .split("\n");
  expect(rows.reduce((sum, row) => sum + Math.ceil(row.length / 80), 0)).toBeLessThanOrEqual(24);
  expect(isColoured).toBe(isTerminal);
});
