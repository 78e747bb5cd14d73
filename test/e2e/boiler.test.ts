import { readFile, realpath } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LineEnd, openLineEnd } from "../support/line-end.js";
import { startMosquitto, type TestMosquitto } from "../support/mosquitto.js";
import { startProsody } from "../support/prosody.js";
import { openPty, type TestPty } from "../support/pty.js";
import type { Heard } from "../support/slixmpp.js";
import { type OwnedHouse, openHouse } from "./owned-house.js";

/** What the boiler of the serial adapter's page owes its owner: the page, with two more devices in the house. */
let broker: TestMosquitto;
let pty: TestPty;
let far: LineEnd;
let house: OwnedHouse;

beforeAll(async () => {
  [broker, pty] = await Promise.all([startMosquitto(), openPty()]);
  far = openLineEnd(pty.far);
  const page = await readFile("docs/adapters/serial.md", "utf8");
  const yaml = (/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "")
    .replace("/tmp/boiler", pty.port)
    .replace("adapters:\n", `adapters:\n  broker: { kind: mqtt, url: ${broker.url} }\n`);
  house = await openHouse(
    startProsody,
    `${yaml}
  fan: { adapter: meter, channels: { power: { value: switch, address: { on: 1, off: 0, send: "FAN={value}\\n" } } } }
  outside: { adapter: broker, channels: { temperature: { value: number, address: { state: weather } } } }
`,
  );
  for (const device of ["boiler", "fan", "outside"]) house.subscribe(device);
});
afterAll(async () => {
  await house?.close();
  await far?.stop();
  await Promise.all([broker?.stop(), pty?.close()]);
});

test("what it prints is its presence, whole lines alone", async () => {
  await far.say("P=1.5\nPUMP=0\nP=1.");
  await house.presence("boiler", ({ status }) => status === "off · 1.5 bar");
  await far.say("7\n");
});

test("what it is told is exactly the text of the page, and its own word confirms it", async () => {
  house.say("boiler", "pump on");
  await expect.poll(() => far.received).toBe("PUMP=1\n");
  await far.say("PUMP=1\n");
  expect(await house.answer("boiler")).toBe("Boiler is on.");
  await house.presence("boiler", ({ status }) => status === "on · 1.7 bar");
});

test("a channel that is only told is answered as sent", async () => {
  expect(await house.ask("fan", "on")).toBe("Sent to Fan; it does not report back.");
  await expect.poll(() => far.received).toBe("PUMP=1\nFAN=1\n");
});

test("the cable is pulled and plugged in again under another number, and nobody else notices", async () => {
  const number = await realpath(pty.port);
  house.owner.forget();
  await far.say("P=9.");
  await pty.pull();
  await far.stop();
  const gone = await house.presence("boiler", ({ type }) => type === "unavailable");
  expect(gone.status).toContain("it was unplugged");
  await broker.pub(["-t", "weather", "-m", "3.5"]);
  await house.presence("outside", ({ status }) => status === "3.5");

  const another = await openPty();
  try {
    await pty.plug();
    expect(await realpath(pty.port)).not.toBe(number);
    await house.presence("boiler", ({ type, status }) => type === "xa" && status.includes("1.7 bar"));
    far = openLineEnd(pty.far);
    await far.say("9\nP=1.2\nPUMP=1\n");
    await house.presence("boiler", ({ type, status }) => type === "available" && status === "on · 1.2 bar");
  } finally {
    await another.close();
  }
  const isLoss = ({ sender, type }: Heard) => sender === "outside@iot.house.test" && type === "unavailable";
  expect(house.owner.heard(isLoss)).toEqual([]);
});
