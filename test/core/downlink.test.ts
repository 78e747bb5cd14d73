import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GatewayError } from "../../src/core/errors.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

const lamp = aDevice({
  channels: {
    power: { value: { kind: "switch" } },
    brightness: { value: { kind: "level" } },
    energy: { value: { kind: "number", unit: "kWh" }, writable: false },
    blink: { value: { kind: "button" }, readable: false },
    scene: { value: { kind: "choice", options: ["day", "night"] }, readable: false },
  },
});
const door = aDevice({
  id: "front-door",
  label: "Front door",
  class: "lock",
  channels: { lock: { value: { kind: "lock" } } },
});
const blind = aDevice({
  id: "blind",
  label: "Blind",
  class: "blind",
  channels: { position: { value: { kind: "cover" } } },
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aReadyHouse() {
  const parts = aHouse(lamp, door, blind);
  for (const id of ["kitchen-lamp", "front-door", "blind"]) parts.sink.availability(id, "online");
  const power = (value: unknown, principal = "alice") =>
    parts.house.execute(principal, { device: "kitchen-lamp", channel: "power", value });
  return { ...parts, power };
}

/** Whether the receipt is there already. */
async function settled<T>(promise: Promise<T>): Promise<T | "pending"> {
  await vi.advanceTimersByTimeAsync(0);
  return Promise.race([promise, Promise.resolve("pending" as const)]);
}

describe("refusals before the adapter sees anything", () => {
  test.each([
    ["a stranger", "mallory", { device: "kitchen-lamp", channel: "power", value: true }, "device-unknown"],
    ["an unknown device", "alice", { device: "cellar", channel: "power", value: true }, "device-unknown"],
    ["a viewer", "vera", { device: "kitchen-lamp", channel: "power", value: true }, "forbidden"],
    [
      "an unknown channel",
      "alice",
      { device: "kitchen-lamp", channel: "volume", value: 3 },
      "channel-unknown",
    ],
    [
      "a read-only channel",
      "alice",
      { device: "kitchen-lamp", channel: "energy", value: 3 },
      "channel-read-only",
    ],
    [
      "a wrong value",
      "alice",
      { device: "kitchen-lamp", channel: "brightness", value: 140 },
      "value-invalid",
    ],
    [
      "a hazard by a resident",
      "rita",
      { device: "front-door", channel: "lock", value: "unlock" },
      "forbidden",
    ],
  ])("%s", async (_, principal, request, code) => {
    const { house, adapter } = aReadyHouse();
    expect(await house.execute(principal, request).receipt).toMatchObject({ receipt: "refused", code });
    expect(adapter.sent).toEqual([]);
  });

  test("an offline device, with its own sentence", async () => {
    const { sink, adapter, power } = aReadyHouse();
    sink.availability("kitchen-lamp", "offline", { detail: "communication-error", text: "Unplugged." });
    expect(await power("on").receipt).toMatchObject({ code: "device-offline", detail: "Unplugged." });
    expect(adapter.sent).toEqual([]);
  });
});

describe("confirmation", () => {
  test("confirms when the device reports the wanted value, even if that is no news", async () => {
    const { sink, adapter, power } = aReadyHouse();
    sink.report("kitchen-lamp", { power: true });
    const { receipt } = power("on");
    expect(await settled(receipt)).toBe("pending");
    expect(adapter.sent).toMatchObject([{ device: "kitchen-lamp", channel: "power", value: true }]);
    sink.report("kitchen-lamp", { power: true });
    expect(await receipt).toMatchObject({ receipt: "confirmed", value: true });
  });

  test("a retained value confirms nothing", async () => {
    const { sink, power } = aReadyHouse();
    const { receipt } = power("on");
    await vi.advanceTimersByTimeAsync(0);
    sink.report("kitchen-lamp", { power: true }, "retained");
    expect(await settled(receipt)).toBe("pending");
  });

  test("times out after confirmWithin, counted from the sending", async () => {
    const { adapter, power } = aReadyHouse();
    adapter.takes = () => new Promise((resolve) => setTimeout(resolve, 4_000));
    const { receipt } = power("on");
    await vi.advanceTimersByTimeAsync(13_900);
    expect(await settled(receipt)).toBe("pending");
    await vi.advanceTimersByTimeAsync(100);
    expect(await receipt).toMatchObject({
      receipt: "timed-out",
      detail: "No answer in 10 s; it may have happened.",
    });
  });

  test("what cannot be read back is sent, never confirmed", async () => {
    const { house } = aReadyHouse();
    const ticket = house.execute("alice", { device: "kitchen-lamp", channel: "scene", value: "night" });
    expect(await ticket.receipt).toMatchObject({ receipt: "sent", value: "night" });
  });

  test("a jammed lock has failed", async () => {
    const { house, sink } = aReadyHouse();
    const { receipt } = house.execute("alice", { device: "front-door", channel: "lock", value: "lock" });
    await vi.advanceTimersByTimeAsync(0);
    sink.report("front-door", { lock: "locking" });
    sink.report("front-door", { lock: "jammed" });
    expect(await receipt).toMatchObject({ receipt: "failed" });
  });

  test("an adapter that says no has failed, with its reason", async () => {
    const { adapter, power } = aReadyHouse();
    adapter.takes = async () => {
      throw new GatewayError("device-offline", "The broker is away.");
    };
    expect(await power("on").receipt).toMatchObject({
      receipt: "failed",
      code: "device-offline",
      detail: "The broker is away.",
    });
  });
});

describe("queue", () => {
  test("sends one at a time, in order, without waiting for confirmations", async () => {
    const { house, adapter } = aReadyHouse();
    const release: (() => void)[] = [];
    adapter.takes = () => new Promise((resolve) => release.push(resolve));
    for (const [channel, value] of [
      ["power", true],
      ["brightness", 40],
      ["scene", "day"],
    ] as const) {
      house.execute("alice", { device: "kitchen-lamp", channel, value });
    }
    for (const sent of [1, 2, 3]) {
      await vi.advanceTimersByTimeAsync(0);
      expect(adapter.sent).toHaveLength(sent);
      release.shift()?.();
    }
    expect(adapter.sent.map(({ channel }) => channel)).toEqual(["power", "brightness", "scene"]);
  });

  test("a newer command replaces one that waits and ends the wait of one in flight", async () => {
    const { house, adapter, sink } = aReadyHouse();
    const brightness = (value: number) =>
      house.execute("alice", { device: "kitchen-lamp", channel: "brightness", value }).receipt;
    const release: (() => void)[] = [];
    adapter.takes = () => new Promise((resolve) => release.push(resolve));
    const [first, second, third] = [brightness(10), brightness(20), brightness(30)];
    expect(await first).toMatchObject({ receipt: "sent", code: "superseded" });
    expect(await second).toMatchObject({ receipt: "refused", code: "superseded" });
    release.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    sink.report("kitchen-lamp", { brightness: 30 });
    expect(await third).toMatchObject({ receipt: "confirmed", value: 30 });
    expect(adapter.sent.map(({ value }) => value)).toEqual([10, 30]);
  });

  test("stop overtakes what waits, and ends the move", async () => {
    const { house, adapter, sink } = aReadyHouse();
    const release: (() => void)[] = [];
    adapter.takes = () => new Promise((resolve) => release.push(resolve));
    sink.report("blind", { position: 0 });
    const move = (value: unknown) =>
      house.execute("alice", { device: "blind", channel: "position", value }).receipt;
    const open = move("open");
    const stop = move("stop");
    expect(await open).toMatchObject({ receipt: "sent", code: "superseded" });
    release.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    sink.report("blind", { position: 37 });
    expect(await stop).toMatchObject({ receipt: "confirmed", value: "stop" });
    expect(adapter.sent.map(({ value }) => value)).toEqual([100, "stop"]);
  });

  test("presses of a button are never merged", async () => {
    const { house, adapter } = aReadyHouse();
    const press = () =>
      house.execute("alice", { device: "kitchen-lamp", channel: "blink", value: "press" }).receipt;
    expect(await Promise.all([press(), press()])).toMatchObject([{ receipt: "sent" }, { receipt: "sent" }]);
    expect(adapter.sent).toHaveLength(2);
  });

  test("refuses the seventeenth that waits as busy", async () => {
    const { house, adapter } = aReadyHouse();
    adapter.takes = () => new Promise(() => {});
    const press = () =>
      house.execute("alice", { device: "kitchen-lamp", channel: "blink", value: "press" }).receipt;
    const receipts = Array.from({ length: 18 }, press);
    expect(await receipts[17]).toMatchObject({ receipt: "refused", code: "busy" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await receipts[0]).toMatchObject({ receipt: "timed-out" });
    expect(await receipts[16]).toMatchObject({ receipt: "expired" });
    expect(adapter.sent).toHaveLength(1);
  });

  test("toggle turns what was last wanted, not only what was last seen", async () => {
    const { adapter, sink, power } = aReadyHouse();
    sink.report("kitchen-lamp", { power: false });
    power("on");
    await vi.advanceTimersByTimeAsync(0);
    power("toggle");
    await vi.advanceTimersByTimeAsync(0);
    expect(adapter.sent.map(({ value }) => value)).toEqual([true, false]);
  });

  test("a stopping house gives everyone a receipt and takes nothing more", async () => {
    const { house, adapter, power } = aReadyHouse();
    adapter.takes = () => new Promise(() => {});
    const first = power("on").receipt;
    const second = house.execute("alice", {
      device: "kitchen-lamp",
      channel: "brightness",
      value: 5,
    }).receipt;
    await vi.advanceTimersByTimeAsync(0);
    await house.stop();
    expect(await first).toMatchObject({ receipt: "unknown" });
    expect(await second).toMatchObject({ receipt: "refused", code: "busy" });
    expect(await power("off").receipt).toMatchObject({ receipt: "refused", code: "busy" });
  });
});

describe("hazards", () => {
  const unlock = { device: "front-door", channel: "lock", value: "unlock" };

  test("asks for a code, acts on it once, and only for the same deed and sender", async () => {
    const { house, adapter, sink } = aReadyHouse();
    const asked = await house.execute("alice", unlock).receipt;
    expect(asked).toMatchObject({ receipt: "refused", code: "confirmation-required" });
    expect(asked.confirm).toMatch(/^\d{4}$/);
    const confirm = asked.confirm ?? "";
    const other = await house.execute("alice", { ...unlock, value: "open", confirm }).receipt;
    expect(other).toMatchObject({ code: "confirmation-invalid" });
    const { receipt } = house.execute("alice", { ...unlock, confirm });
    await vi.advanceTimersByTimeAsync(0);
    sink.report("front-door", { lock: "unlocked" });
    expect(await receipt).toMatchObject({ receipt: "confirmed" });
    expect(await house.execute("alice", { ...unlock, confirm }).receipt).toMatchObject({
      code: "confirmation-invalid",
    });
    expect(adapter.sent).toHaveLength(1);
  });

  test("the code dies after 30 s, whatever the wall clock says", async () => {
    const { house, adapter } = aReadyHouse();
    const { confirm = "" } = await house.execute("alice", unlock).receipt;
    vi.setSystemTime(0);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await house.execute("alice", { ...unlock, confirm }).receipt).toMatchObject({
      code: "confirmation-invalid",
    });
    expect(adapter.sent).toEqual([]);
  });

  test("five wrong codes end the right one", async () => {
    const { house, adapter } = aReadyHouse();
    const { confirm = "" } = await house.execute("alice", unlock).receipt;
    const wrong = confirm === "1234" ? "4321" : "1234";
    for (let guess = 0; guess < 5; guess += 1)
      await house.execute("alice", { ...unlock, confirm: wrong }).receipt;
    expect(await house.execute("alice", { ...unlock, confirm }).receipt).toMatchObject({
      code: "confirmation-invalid",
    });
    expect(adapter.sent).toEqual([]);
  });
});

describe("repeats", () => {
  test("the same id and payload gets the first receipt and does nothing", async () => {
    const { house, adapter } = aReadyHouse();
    const request = { device: "kitchen-lamp", channel: "scene", value: "day", id: "m1" };
    const first = house.execute("alice", request);
    const again = house.execute("alice", request);
    expect(again.command).toBe(first.command);
    expect(await again.receipt).toMatchObject({ receipt: "sent" });
    expect(adapter.sent).toHaveLength(1);
    expect(house.receipt("alice", first.command)).toMatchObject({ receipt: "sent" });
    expect(house.receipt("vera", first.command)).toBeUndefined();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(house.receipt("alice", first.command)).toBeUndefined();
  });

  test("the same id with another payload is a conflict", async () => {
    const { house } = aReadyHouse();
    const request = { device: "kitchen-lamp", channel: "scene", value: "day", id: "m1" };
    await house.execute("alice", request).receipt;
    expect(await house.execute("alice", { ...request, value: "night" }).receipt).toMatchObject({
      code: "id-conflict",
    });
    expect(await house.execute("rita", { ...request, value: "night" }).receipt).toMatchObject({
      receipt: "sent",
    });
  });

  test("the request that comes back with its code is no repeat", async () => {
    const { house, adapter } = aReadyHouse();
    const request = { device: "front-door", channel: "lock", value: "unlock", id: "m2" };
    const { confirm = "" } = await house.execute("alice", request).receipt;
    house.execute("alice", { ...request, confirm });
    await vi.advanceTimersByTimeAsync(0);
    expect(adapter.sent).toHaveLength(1);
  });
});
