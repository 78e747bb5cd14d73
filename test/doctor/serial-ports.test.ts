import { mkdir, mkdtemp, open, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkSerialPorts, permissionCure } from "../../src/doctor/serial-ports.js";
import { openPty, type TestPty } from "../support/pty.js";

/** Stands in for `/dev`, and `/sys` below it. */
let devices: string;
let system: string;

beforeEach(async () => {
  devices = await mkdtemp(join(tmpdir(), "homeroster-dev-"));
  system = join(devices, "sys");
  await mkdir(join(devices, "serial/by-id"), { recursive: true });
  await mkdir(join(devices, "serial/by-path"));
});
afterEach(() => rm(devices, { recursive: true }));

async function told(more: Parameters<typeof checkSerialPorts>[0] = {}) {
  const findings = await checkSerialPorts({ devices, system, ...more });
  return findings.map(({ level, text, cure }) =>
    [level, text, cure].join(" ").replaceAll(`${devices}/`, "").trim(),
  );
}

function meter(path: string) {
  return { adapters: [{ name: "meter", kind: "serial", settings: { path } }] };
}

test("says that there are none", async () => {
  expect(await told()).toEqual(["ok There are none."]);
});

test("looks at a port of an unusual name where the configuration wants it", async () => {
  await writeFile(join(devices, "meter"), "");
  expect(await told(meter(join(devices, "meter")))).toEqual(["ok meter can be used."]);
  expect(await told()).toEqual(["ok There are none."]);
});

test("tells each port once, by the name that stays, and what is plugged in", async () => {
  for (const name of ["ttyUSB0", "ttyUSB1", "ttyACM2", "tty1"]) await writeFile(join(devices, name), "");
  await symlink("../../ttyUSB0", join(devices, "serial/by-id/usb-FTDI_P1-if00"));
  for (const port of ["0", "1"])
    await symlink(`../../ttyUSB${port}`, join(devices, `serial/by-path/usb-0:1.${port}`));
  const usb = join(system, "devices/usb1/1-1");
  await mkdir(join(usb, "1-1:1.0/ttyUSB0"), { recursive: true });
  await writeFile(join(usb, "manufacturer"), "FTDI\n");
  await writeFile(join(usb, "product"), "P1 cable\u001b[31m\n");
  await mkdir(join(system, "class/tty/ttyUSB0"), { recursive: true });
  await symlink(join(usb, "1-1:1.0/ttyUSB0"), join(system, "class/tty/ttyUSB0/device"));
  expect(await told()).toEqual([
    "ok serial/by-id/usb-FTDI_P1-if00 (FTDI P1 cable[31m, ttyUSB0) can be used.",
    "ok serial/by-path/usb-0:1.1 (ttyUSB1) can be used.",
    "ok ttyACM2 can be used.",
  ]);
});

test("names the ports that the configuration wants and does not find, and those that are there", async () => {
  expect(await told(meter("/dev/serial/by-id/usb-gone"))).toEqual([
    "ok There are none.",
    "fail meter (serial) wants /dev/serial/by-id/usb-gone, which is not there. Plug it in.",
  ]);
  await writeFile(join(devices, "ttyUSB0"), "");
  expect((await told(meter("/dev/ttyUSB7"))).at(-1)).toBe(
    "fail meter (serial) wants /dev/ttyUSB7, which is not there. Plug it in, or correct `path`. There are: ttyUSB0.",
  );
  expect(await told(meter("tcp://192.0.2.1:4000"))).toHaveLength(1);
});

test("warns of a name that another device may have tomorrow, where there is a better one", async () => {
  await writeFile(join(devices, "ttyUSB0"), "");
  expect(await told(meter(join(devices, "ttyUSB0")))).toHaveLength(1);
  await symlink("../../ttyUSB0", join(devices, "serial/by-id/usb-FTDI_P1-if00"));
  expect((await told(meter(join(devices, "ttyUSB0")))).at(-1)).toBe(
    "warn meter (serial) names ttyUSB0, which may be another device after a restart. Write its stable name: path: serial/by-id/usb-FTDI_P1-if00",
  );
  expect(await told(meter(join(devices, "serial/by-id/usb-FTDI_P1-if00")))).toHaveLength(1);
});

test("says who has a port open, and that it may be the gateway", async () => {
  const pty: TestPty = await openPty();
  await symlink(pty.far, join(devices, "ttyUSB0"));
  const port = await open(join(devices, "ttyUSB0"), "r+");
  try {
    const [used] = await told();
    expect(used).toMatch(/^warn ttyUSB0 \(\d+\) is in use by .+, process \d+\. End that program/);
    const holder = Number(/process (\d+)/.exec(used ?? "")?.[1]);
    expect(await told({ gateway: holder })).toEqual([
      expect.stringMatching(/^ok ttyUSB0 \(\d+\) is in use by the gateway\.$/),
    ]);
  } finally {
    await port.close();
    await pty.close();
  }
});

test("says what lets a user use a port: its group, or that it gets one", () => {
  expect(permissionCure("/dev/ttyUSB0", "dialout")).toBe(
    "Add the user to the group dialout and log in again: sudo usermod -aG dialout $USER",
  );
  expect(permissionCure("/dev/ttyUSB0", "root")).toContain('KERNEL=="ttyUSB0", GROUP="dialout", MODE="0660"');
});
