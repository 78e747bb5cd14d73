import { expect, test } from "vitest";
import type { Channel } from "../../src/core/device.js";
import { mainChannel } from "../../src/core/main-channel.js";
import type { ValueSpec } from "../../src/core/value.js";

function channel(id: string, value: ValueSpec, access: "r" | "w" | "rw"): Channel {
  return {
    id,
    label: id,
    value,
    readable: access.includes("r"),
    writable: access.includes("w"),
    address: undefined,
  };
}

const number: ValueSpec = { kind: "number" };

test.each([
  ["a lock before all else", ["rw cover", "rw lock"], "1"],
  ["a cover before a switch", ["rw switch", "rw cover"], "1"],
  ["the switch of a lamp, not its brightness", ["rw level", "rw color", "rw switch"], "2"],
  ["a level before a color", ["rw color", "rw level"], "1"],
  ["a color before a choice", ["rw text", "rw color"], "1"],
  ["the first of two of a kind", ["rw switch", "rw switch"], "0"],
  ["the readable one, where nothing can be commanded", ["w button", "r text"], "1"],
  ["what can be read, where only text can be written", ["r contact", "rw text"], "0"],
  ["no lock that can only be read", ["r lock", "rw switch"], "1"],
])("takes %s", (_, kinds, main) => {
  const channels = kinds.map((entry, index) => {
    const [access, kind] = entry.split(" ");
    return channel(String(index), { kind } as ValueSpec, access as "r");
  });
  expect(mainChannel(channels)).toBe(main);
});

test("takes a writable number before a readable one", () => {
  expect(mainChannel([channel("now", number, "r"), channel("limit", number, "rw")])).toBe("limit");
});

test("a device that only tells events has none", () => {
  expect(mainChannel([channel("bell", { kind: "event" }, "r")])).toBeUndefined();
  expect(mainChannel([])).toBeUndefined();
});
