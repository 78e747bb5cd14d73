import { expect, test } from "vitest";
import { Furnishing } from "../../src/config/furnishing.js";
import type { Device } from "../../src/core/device.js";
import { House } from "../../src/core/house.js";
import { FakeAdapter } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { RecordingLog } from "../support/recording-log.js";

const broker = { name: "broker", kind: "mqtt", settings: { url: "mqtt://one" } };

/** A running house that notes what happens to it. */
async function aFurnishedHouse() {
  const log = new RecordingLog();
  const house = new House({ epoch: 1, roleOf: () => "owner", log });
  const made: { readonly url: string; readonly adapter: FakeAdapter }[] = [];
  const furnishing = new Furnishing(
    house,
    async ({ settings }) => {
      const { url } = settings as { readonly url: string };
      if (url === "impossible") throw new Error("no such place");
      const adapter = new FakeAdapter();
      made.push({ url, adapter });
      return () => adapter;
    },
    log,
  );
  await house.start();
  const changes: string[] = [];
  house.on("device", ({ device, change }) => changes.push(`${change} ${device.id}`));
  const take = () => changes.splice(0);
  const apply = (devices: readonly Device[], adapters = [broker]) => furnishing.apply({ devices, adapters });
  return { house, made, apply, take, log };
}

const lamp = () => aDevice({ adapter: "broker" });
const fan = () => aDevice({ id: "fan", label: "Fan", adapter: "broker" });

test("adds, changes and removes what the configuration adds, changes and removes, and nothing else", async () => {
  const { apply, take, made } = await aFurnishedHouse();
  await apply([lamp(), fan()]);
  expect(take()).toEqual(["added kitchen-lamp", "added fan"]);
  await apply([lamp(), fan()]);
  expect(take()).toEqual([]);
  await apply([{ ...fan(), room: "Attic" }, aDevice({ id: "bell", adapter: "broker" })]);
  expect(take()).toEqual(["removed kitchen-lamp", "changed fan", "added bell"]);
  expect(made).toHaveLength(1);
  expect(made[0]?.adapter.carried).toEqual([["fan", "bell"]]);
});

test("opens an adapter anew when its settings changed, and no other", async () => {
  const { house, apply, made } = await aFurnishedHouse();
  const other = { name: "other", kind: "mqtt", settings: { url: "mqtt://other" } };
  await apply([lamp()], [broker, other]);
  await apply([lamp()], [{ ...broker, settings: { url: "mqtt://two" } }, other]);
  expect(made.map(({ url }) => url)).toEqual(["mqtt://one", "mqtt://other", "mqtt://two"]);
  expect(made[2]?.adapter.starts).toBe(1);
  await apply([], [other]);
  expect(house.adapters().map(({ name }) => name)).toEqual(["other"]);
});

test("an adapter that cannot be made is told in the log, shown offline with its devices, and tried again", async () => {
  const { house, apply, log } = await aFurnishedHouse();
  const impossible = { ...broker, settings: { url: "impossible" } };
  await apply([lamp()], [impossible]);
  await apply([lamp()], [impossible]);
  expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(2);
  const why = "it cannot be made: no such place";
  expect(house.adapters()).toEqual([{ name: "broker", kind: "mqtt", state: "offline", detail: why }]);
  expect(house.device("owner", "kitchen-lamp")?.availability).toMatchObject({
    status: "offline",
    text: `The link "broker" is down: ${why}.`,
  });
  await apply([lamp()], [broker]);
  expect(house.adapters()).toMatchObject([{ name: "broker", state: "connecting" }]);
  await apply([lamp()], [impossible]);
  await apply([lamp()], []);
  expect(house.adapters()).toEqual([]);
});
