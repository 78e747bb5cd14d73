import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapterKinds, loadAdapter } from "../../adapters/index.js";
import { loadSettings } from "../../src/config/settings.js";
import { packageRoot } from "../../src/package.js";
import { aHouse } from "../config/house-files.js";

const page = await readFile(join(packageRoot, "docs/writing-a-device.md"), "utf8");
const [plain = "", type = "", short = ""] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml);

async function devicesOf(devices: string) {
  const { file } = await aHouse(`adapters: { broker: { kind: mqtt, url: "mqtt://127.0.0.1" } }\n${devices}`, {
    "devices/acme/lamp.yaml": type,
  });
  return (await loadSettings({ file, typesDir: "devices", kinds: adapterKinds, factory: loadAdapter }))
    .devices;
}

test("the device that the page writes down is one, and so are those of its type", async () => {
  const [lamp] = await devicesOf(plain);
  expect(lamp).toMatchObject({ id: "desk-lamp", class: "light", main: "power" });
  expect([...(lamp?.channels.keys() ?? [])]).toEqual(["power", "brightness"]);
  expect(lamp?.channels.get("brightness")).toMatchObject({ readable: true, writable: true });
  const lamps = await devicesOf(short);
  expect(lamps.map(({ label, address }) => [label, address])).toMatchObject([
    ["Desk lamp", { topic: "desk" }],
    ["Bed lamp", { topic: "bed" }],
  ]);
});
