import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

const lamp = aDevice({
  channels: {
    power: { value: { kind: "switch" } },
    blink: { value: { kind: "button" } },
    shade: { value: { kind: "cover" } },
    siren: { value: { kind: "switch" }, risk: "hazard" },
  },
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aReadyHouse() {
  const { house, adapter, sink } = aHouse(lamp);
  sink.availability("kitchen-lamp", "online");
  const say = (channel: string, value: unknown, confirm?: string) =>
    house.execute("alice", { device: "kitchen-lamp", channel, value, ...(confirm && { confirm }) }).receipt;
  /** One command is being sent for ever, sixteen wait. */
  const fill = () => {
    adapter.takes = () => new Promise(() => {});
    for (let count = 0; count < 17; count += 1) void say("blink", "press");
  };
  return { house, adapter, sink, say, fill };
}

test("toggle turns what was last seen once the command before it came to nothing", async () => {
  const { adapter, sink, say } = aReadyHouse();
  sink.report("kitchen-lamp", { power: false });
  const first = say("power", "on");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await first).toMatchObject({ receipt: "timed-out" });
  void say("power", "toggle");
  await vi.advanceTimersByTimeAsync(0);
  expect(adapter.sent.map(({ value }) => value)).toEqual([true, true]);
});

test("stop is never refused as busy, and is sent next", async () => {
  const { adapter, say } = aReadyHouse();
  const release: (() => void)[] = [];
  adapter.takes = () => new Promise((resolve) => release.push(resolve));
  for (let count = 0; count < 17; count += 1) void say("blink", "press");
  expect(await say("shade", "open")).toMatchObject({ receipt: "refused", code: "busy" });
  void say("shade", "stop");
  release[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(adapter.sent.map(({ value }) => value)).toEqual(["press", "stop"]);
});

test("a command that takes the place of a waiting one finds room in a full queue", async () => {
  const { adapter, say } = aReadyHouse();
  adapter.takes = () => new Promise(() => {});
  void say("blink", "press");
  const off = say("power", "off");
  for (let count = 0; count < 15; count += 1) void say("blink", "press");
  void say("power", "on");
  expect(await off).toMatchObject({ receipt: "refused", code: "superseded" });
  expect(await say("blink", "press")).toMatchObject({ code: "busy" });
});

test("a busy device uses no code up", async () => {
  const { say, fill } = aReadyHouse();
  const { confirm } = await say("siren", "on");
  fill();
  expect(await say("siren", "on", confirm)).toMatchObject({ code: "busy" });
  await vi.advanceTimersByTimeAsync(10_000);
  const receipt = say("siren", "on", confirm);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await receipt).toMatchObject({ receipt: "timed-out" });
});

test("a button confirms nothing, though its channel could be read", async () => {
  const { say } = aReadyHouse();
  expect(await say("blink", "press")).toMatchObject({ receipt: "sent" });
});

test("a stop leaves no timer behind, even where the transport does not let go", async () => {
  const { house, adapter, say } = aReadyHouse();
  adapter.takes = () => new Promise(() => {});
  const receipt = say("power", "on");
  await house.stop();
  expect(await receipt).toMatchObject({ receipt: "unknown" });
  // What is kept of the command for ten minutes.
  expect(vi.getTimerCount()).toBe(1);
});

test("a device that moved to another adapter is commanded there", async () => {
  const { house, adapter, say } = aReadyHouse();
  await say("blink", "press");
  const send = vi.fn(async () => {});
  house.carry("other", "fake", () => ({
    start: async () => {},
    stop: async () => {},
    carry: () => {},
    send,
  }));
  house.put({ ...lamp, adapter: "other" });
  await say("blink", "press");
  expect(adapter.sent).toHaveLength(1);
  expect(send).toHaveBeenCalledOnce();
});
