import { expect, onTestFinished, test, vi } from "vitest";
import { Confirmation } from "../../../adapters/http/confirmation.js";
import type { ValueSpec } from "../../../src/core/value.js";
import { aDevice } from "../../support/fake-device.js";

const percent: ValueSpec = { kind: "number", unit: "%", min: 0, max: 100 };

/** What is read after a command to be 50, in seconds, while the channel says what `says` does. */
function aReading(says: () => unknown, confirmWithin?: number) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const begun = performance.now();
  const reads: number[] = [];
  const confirmation = new Confirmation(async () => {
    reads.push(Math.round((performance.now() - begun) / 100) / 10);
    return says();
  });
  const device = aDevice({
    channels: { limit: { value: percent, ...(confirmWithin !== undefined && { confirmWithin }) } },
  });
  const limit = device.channels.get("limit");
  if (limit === undefined) throw new Error("the device has a limit");
  const begin = (value: number) =>
    confirmation.begin(limit, { id: `${value}`, device: device.id, channel: "limit", value });
  begin(50);
  return { reads, begin, stop: () => confirmation.stop() };
}

test.each([
  ["shows the value", [80, 80, 50], [0, 0.5, 1.5]],
  ["shows it at once", [50], [0]],
  ["says nothing, or nonsense, and then shows it", [undefined, "much", 50.4], [0, 0.5, 1.5]],
])("reads until the channel %s", async (_, says, expected) => {
  const values = [...says];
  const { reads } = aReading(() => values.shift());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toEqual(expected);
});

test.each([
  [undefined, [0, 0.5, 1.5, 3.5, 7.5]],
  [20_000, [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5]],
  [1_000, [0, 0.5]],
])("reads no longer than the core waits, %s ms", async (confirmWithin, expected) => {
  const { reads } = aReading(() => 80, confirmWithin);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toEqual(expected);
});

test("a newer command takes the place of the one before, and an end is one", async () => {
  const { reads, begin, stop } = aReading(() => 50);
  begin(70);
  await vi.advanceTimersByTimeAsync(600);
  expect(reads).toEqual([0, 0, 0.5]);
  stop();
  begin(80);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toEqual([0, 0, 0.5]);
});
