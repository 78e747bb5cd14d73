import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { adapterKinds, loadAdapter } from "../../../adapters/index.js";
import serial from "../../../adapters/serial/index.js";
import { loadSettings } from "../../../src/config/settings.js";
import { packageRoot } from "../../../src/package.js";
import { aHouse } from "../../config/house-files.js";
import { closedDoor } from "../../support/closed-door.js";
import { openLineEnd } from "../../support/line-end.js";
import { testProgram } from "../../support/packages.js";
import { openPty } from "../../support/pty.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { silentLog } from "../../support/silent-log.js";
import { compileSketch, powerUp } from "./board.js";

const never = new AbortController().signal;
// 0.713 V: 21.3 °C of a TMP36.
const warm = "analog 14 146";

let directory = "";
let program = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-arduino-"));
  program = join(directory, "board");
  await compileSketch(testProgram("g++"), program);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What the page says, read as a configuration, with the port of the test. */
async function settingsOfPage(port: string) {
  const page = await readFile(join(packageRoot, "docs/arduino/README.md"), "utf8");
  const [, yaml = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const { file } = await aHouse(yaml.replace(/path: .*/, `path: ${port}`));
  return loadSettings({
    file,
    typesDir: join(packageRoot, "devices"),
    kinds: adapterKinds,
    factory: loadAdapter,
  });
}

/** The adapter of the page on a cable, before anybody is at its far end. */
async function anAdapter() {
  const pty = await openPty();
  onTestFinished(() => pty.close());
  const { adapters, devices, warnings } = await settingsOfPage(pty.port);
  expect(warnings).toEqual([]);
  const sink = new RecordingSink();
  const adapter = serial.create(adapters[0]?.settings, {
    name: "arduino",
    devices,
    sink,
    hooks: closedDoor,
    log: silentLog,
  });
  onTestFinished(() => adapter.stop());
  await adapter.start();
  await expect.poll(() => sink.state).toBe("online");
  const readings = () => sink.reports.map((report) => report.readings);
  const command = (value: boolean) =>
    adapter.send({ id: "1", device: "workshop", channel: "relay", value }, never);
  return { pty, sink, readings, command };
}

test("the sketch says its state at the start, and again every ten seconds", async () => {
  const { pty, readings } = await anAdapter();
  const board = powerUp(program, pty.far, warm);
  await expect.poll(readings).toEqual([{ relay: false }, { temperature: 21.3 }]);
  expect(board.pins).toEqual(["pin 7 0"]);
  board.turn("analog 14 92");
  board.turn("wait 10000");
  await expect.poll(() => readings().slice(2)).toEqual([{ relay: false }, { temperature: -5.1 }]);
});

test("the sketch obeys, and answers with the state that it has then", async () => {
  const { pty, readings, command } = await anAdapter();
  const board = powerUp(program, pty.far, warm);
  await expect.poll(readings).toHaveLength(2);
  await command(true);
  await expect.poll(() => readings().slice(2)).toEqual([{ relay: true }]);
  await command(false);
  await expect.poll(() => readings().slice(3)).toEqual([{ relay: false }]);
  expect(board.pins).toEqual(["pin 7 0", "pin 7 1", "pin 7 0"]);
});

test("a press that bounces is one press", async () => {
  const { pty, sink, readings } = await anAdapter();
  const board = powerUp(program, pty.far, warm);
  await expect.poll(readings).toHaveLength(2);
  for (const level of [0, 1, 0, 1, 0]) board.turn(`pin 2 ${level}`);
  board.turn("wait 30");
  await expect.poll(() => sink.events.map(({ event }) => event.type)).toEqual(["pressed"]);
  board.turn("pin 2 1");
  board.turn("wait 30");
  await expect.poll(() => sink.events.map(({ event }) => event.type)).toEqual(["pressed", "released"]);
});

test("the sketch takes no command out of what is none, however long it is", async () => {
  const pty = await openPty();
  onTestFinished(() => pty.close());
  const computer = openLineEnd(pty.port);
  onTestFinished(() => computer.stop());
  const board = powerUp(program, pty.far, warm);
  await expect.poll(() => computer.received).toContain("T=");
  await computer.say(`${"x".repeat(300)}RELAY=1\nRELAY=2\nrelay=1\nRELAY=11\n\nRELAY=1 \nRELAY=1\r\n`);
  await expect.poll(() => computer.received).toBe("RELAY=0\r\nT=21.3\r\nRELAY=1\r\n");
  expect(board.pins).toEqual(["pin 7 0", "pin 7 1"]);
});
