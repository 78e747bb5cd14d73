import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StableName } from "../../../adapters/serial/stable-name.js";

let directory: string;
let byId: string;
const device = (name: string) => join(directory, name);
const link = join("by-id", "usb-Arduino-if00");

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "homeroster-dev-"));
  byId = join(directory, "by-id");
  await mkdir(byId);
  await Promise.all(["ttyUSB0", "ttyUSB1"].map((name) => writeFile(device(name), "")));
  await symlink(device("ttyUSB0"), device(link));
});
afterEach(() => rm(directory, { recursive: true }));

async function replug(name: string) {
  await unlink(device(link));
  await symlink(device(name), device(link));
}

test("a link is followed anew each time", async () => {
  const name = new StableName(device(link), [byId]);
  expect(await name.resolve()).toBe(device("ttyUSB0"));
  await replug("ttyUSB1");
  expect(await name.resolve()).toBe(device("ttyUSB1"));
  expect(name.path).toBe(device(link));
});

test("a plain number is taken once; from then on the device counts, and not what has its number", async () => {
  const name = new StableName(device("ttyUSB0"), [byId]);
  expect(await name.resolve()).toBe(device("ttyUSB0"));
  expect(name.path).toBe(device(link));
  await replug("ttyUSB1");
  expect(await name.resolve()).toBe(device("ttyUSB1"));
  await unlink(device(link));
  await expect(name.resolve()).rejects.toMatchObject({ code: "ENOENT" });
});

test("a number without any other name is what it is", async () => {
  const name = new StableName(device("ttyUSB1"), [byId, join(directory, "by-path")]);
  expect(await name.resolve()).toBe(device("ttyUSB1"));
  expect(name.path).toBe(device("ttyUSB1"));
});
