import { mkdir, mkdtemp, realpath, rename, rm, symlink, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import serial from "../../../adapters/serial/index.js";
import { openPort } from "../../../adapters/serial/port.js";
import { settings } from "../../../adapters/serial/settings.js";
import { StableName } from "../../../adapters/serial/stable-name.js";
import { closedDoor } from "../../support/closed-door.js";
import { openLineEnd } from "../../support/line-end.js";
import { openPty } from "../../support/pty.js";
import { RecordingSink } from "../../support/recording-sink.js";
import { silentLog } from "../../support/silent-log.js";
import { boiler } from "./frames/a-line.js";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-port-"));
  const made = directory;
  onTestFinished(() => rm(made, { recursive: true }));
});

/** A cable, with its terminal by the number that the system gave it. */
async function aCable() {
  const pty = await openPty();
  const far = openLineEnd(pty.far);
  onTestFinished(async () => {
    await far.stop();
    await pty.close();
  });
  return { far, number: await realpath(pty.port) };
}

async function lead(link: string, to: string) {
  await symlink(to, `${link}.new`);
  await rename(`${link}.new`, link);
}

async function anAdapter(given: object) {
  const sink = new RecordingSink();
  const adapter = serial.create(given, {
    name: "line",
    devices: [boiler],
    sink,
    hooks: closedDoor,
    log: silentLog,
  });
  onTestFinished(() => adapter.stop());
  await adapter.start();
  return { adapter, sink };
}

describe("the name of a port", () => {
  test("that leads to another device from one moment to the next is followed to it", async () => {
    const [before, after] = [await aCable(), await aCable()];
    const link = join(directory, "usb-Boiler-if00");
    await lead(link, before.number);
    const { sink } = await anAdapter({ path: link });
    await expect.poll(() => sink.state).toBe("online");
    await before.far.say("P=1.5\n");
    await expect.poll(() => sink.reports).toHaveLength(1);
    await lead(link, after.number);
    await expect.poll(() => sink.links.map(({ state }) => state)).toContain("offline");
    expect(sink.links.at(-1)?.detail).toContain("it was unplugged");
    await expect.poll(() => sink.state).toBe("online");
    await before.far.say("P=9.9\n");
    await after.far.say("P=1.8\n");
    await expect.poll(() => sink.reports).toHaveLength(2);
    expect(sink.reports[1]?.readings).toEqual({ pressure: 1.8 });
  });

  test("that is a mere number is never that of another device which got the number later", async () => {
    const [own, other] = [await aCable(), await aCable()];
    const byId = join(directory, "by-id");
    await mkdir(byId);
    await lead(join(byId, "usb-Boiler-if00"), own.number);
    const name = new StableName(own.number, [byId]);
    const heard: string[] = [];
    const open = () =>
      openPort(
        settings.parse({ path: own.number }),
        name,
        { onBytes: (bytes) => heard.push(Buffer.from(bytes).toString()), onLost: () => {} },
        new AbortController().signal,
      );
    await (await open()).close();
    // The device is gone, and the number is there all the same: it is another's now.
    await unlink(join(byId, "usb-Boiler-if00"));
    await expect(open()).rejects.toThrow("it is not there");
    await lead(join(byId, "usb-Boiler-if00"), other.number);
    const port = await open();
    onTestFinished(() => port.close());
    await other.far.say("hello");
    await expect.poll(() => heard.join("")).toBe("hello");
  });
});

describe("a serial port", () => {
  test("without control lines refuses to have them set, and says what to do", async () => {
    const { number } = await aCable();
    const { sink } = await anAdapter({ path: number, lines: { dtr: false } });
    await expect.poll(() => sink.state).toBe("offline");
    expect(sink.links.at(-1)?.detail).toMatch(/its control lines cannot be set \(.+\); leave out `lines`/);
  });

  test("that is no serial port at all is said to be none", async () => {
    const { sink } = await anAdapter({ path: "/dev/null" });
    await expect.poll(() => sink.state).toBe("offline");
    expect(sink.links.at(-1)?.detail).toMatch(/^\/dev\/null: .+/);
  });

  test("that another adapter floods costs the others nothing", async () => {
    const [loud, quiet] = [await aCable(), await aCable()];
    const flooded = await anAdapter({ path: loud.number });
    const other = await anAdapter({ path: quiet.number });
    await expect.poll(() => [flooded.sink.state, other.sink.state]).toEqual(["online", "online"]);
    let isFlooding = true;
    const flood = loud.far.say(Buffer.alloc(1_000_000, "\xff\x00P=PUMP\n", "latin1")).then(async () => {
      await loud.far.say("\nP=1.5\n");
      await expect.poll(() => flooded.sink.reports.at(-1)?.readings).toEqual({ pressure: 1.5 });
      isFlooding = false;
    });
    let said = 0;
    while (isFlooding) {
      said += 1;
      await quiet.far.say(`P=${said}\n`);
      await expect.poll(() => other.sink.reports.at(-1)?.readings).toEqual({ pressure: said });
    }
    await flood;
    expect(other.sink.reports).toHaveLength(said);
    expect(other.sink.links.map(({ state }) => state)).toEqual(["connecting", "online"]);
  });
});
