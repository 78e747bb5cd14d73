import { expect, test, vi } from "vitest";
import type { Command } from "../../../src/core/command.js";
import { aSimulator } from "./simulated-house.js";

const minute = 60_000;
const lampOn: Command = { id: "1", device: "kitchen-lamp", channel: "power", value: true };
const never = new AbortController().signal;

// It is its own world, which cannot be lost, stall or talk nonsense: what else every adapter owes stands here.

test("the same seed gives the same day, another seed another one", async () => {
  async function dayOf(seed: number): Promise<string> {
    const { adapter, sink } = aSimulator({ seed });
    await adapter.start();
    await vi.advanceTimersByTimeAsync(120 * minute);
    await adapter.stop();
    return sink.said.join("\n");
  }

  const day = await dayOf(1);

  expect((await dayOf(1)) === day).toBe(true);
  expect((await dayOf(2)) === day).toBe(false);
});

test("every device is online at once, and every reading is there that its channels promise", async () => {
  const { adapter, sink, devices } = aSimulator();

  await adapter.start();

  expect(sink.said[0]).toBe("link online");
  for (const { id, channels } of devices) {
    const promised = [...channels.values()].filter(
      ({ readable, value }) => readable && value.kind !== "event",
    );
    const first = sink.said.find((line) => line.startsWith(`${id} {`));
    expect(sink.said).toContain(`${id} online`);
    expect(Object.keys(JSON.parse(first?.slice(id.length) ?? "{}")).sort()).toEqual(
      promised.map((channel) => channel.id).sort(),
    );
  }
});

test("nothing is said and no timer is left after the stop", async () => {
  const { adapter, sink } = aSimulator();
  await adapter.start();
  await adapter.send(lampOn, never);

  await adapter.stop();
  await adapter.stop();
  const said = sink.said.length;
  await vi.advanceTimersByTimeAsync(60 * minute);

  expect(vi.getTimerCount()).toBe(0);
  expect(sink.said).toHaveLength(said);
  await expect(adapter.send(lampOn, never)).rejects.toMatchObject({ code: "device-offline" });
});

test("a stop before the start does no harm", async () => {
  const { adapter, sink } = aSimulator();

  await adapter.stop();

  expect(sink.said).toEqual([]);
});

test("a second start changes nothing, and one after a stop wakes the house again", async () => {
  const { adapter, sink } = aSimulator();
  await adapter.start();
  await adapter.start();
  expect(sink.said.filter((line) => line === "link online")).toHaveLength(1);

  await adapter.stop();
  await adapter.start();
  await adapter.send(lampOn, never);
  await vi.advanceTimersByTimeAsync(1_000);

  expect(sink.said.at(-1)).toMatch(/^kitchen-lamp {"power":true/);
});

test("a command that was cancelled never acts", async () => {
  const { adapter, sink } = aSimulator();
  await adapter.start();
  const over = new AbortController();
  over.abort();

  await expect(adapter.send(lampOn, over.signal)).rejects.toMatchObject({ code: "adapter-failed" });
  await vi.advanceTimersByTimeAsync(1_000);

  expect(sink.said.some((line) => line.startsWith('kitchen-lamp {"power":true'))).toBe(false);
});

test("one device drops out now and then, is silent meanwhile, and says everything when it is back", async () => {
  const { adapter, sink } = aSimulator();
  await adapter.start();

  await vi.advanceTimersByTimeAsync(60 * minute);

  const away = sink.said.filter((line) => line.endsWith(" offline"));
  expect(away.length).toBeGreaterThan(3);
  expect(new Set(away)).toEqual(new Set(["bedroom-window offline"]));
  const told = sink.said.filter((line) => line.startsWith("bedroom-window "));
  for (const [index, line] of told.entries()) {
    if (!line.endsWith(" offline")) continue;
    expect(told.slice(index + 1, index + 3)).toEqual([
      "bedroom-window online",
      expect.stringMatching(/^bedroom-window \{"contact":/),
    ]);
  }
});

test("an idle house does not stir more than once a second", async () => {
  const { adapter } = aSimulator();
  await adapter.start();
  const begun = Date.now();
  let stirred = 0;

  while (Date.now() < begun + 60 * minute) {
    await vi.advanceTimersToNextTimerAsync();
    stirred += 1;
  }

  expect(stirred).toBeLessThan(3_600);
});

test("the house is as large as it is told from one moment to the next, and takes in nobody else", async () => {
  const { adapter, sink, devices } = aSimulator();
  const [lamp] = devices;
  await adapter.start();

  adapter.carry([]);
  const said = sink.said.length;
  await vi.advanceTimersByTimeAsync(60 * minute);
  expect(sink.said).toHaveLength(said);
  await expect(adapter.send(lampOn, never)).rejects.toMatchObject({ code: "device-offline" });

  if (lamp === undefined) throw new Error("the house is empty");
  adapter.carry([lamp]);
  await adapter.send(lampOn, never);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sink.said.at(-1)).toMatch(/^kitchen-lamp {"power":true/);
  expect(() => adapter.carry([{ ...lamp, id: "stranger" }])).toThrow(
    expect.objectContaining({ code: "config-invalid" }),
  );
});

test("a hundred commands at once are all obeyed, and the last one counts", async () => {
  const { adapter, sink } = aSimulator();
  await adapter.start();
  const told = Array.from({ length: 100 }, (_, index) => ({
    ...lampOn,
    id: `${index}`,
    value: index % 2 === 0,
  }));

  await Promise.all(told.map((command) => adapter.send(command, never)));
  await vi.advanceTimersByTimeAsync(2_000);

  expect(sink.said.findLast((line) => line.startsWith("kitchen-lamp"))).toMatch(/{"power":false/);
});
