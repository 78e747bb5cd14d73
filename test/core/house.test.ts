import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Adapter, AdapterContext, DeviceSink } from "../../src/core/adapter.js";
import { House } from "../../src/core/house.js";
import { aHouse, FakeAdapter } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { RecordingLog } from "../support/recording-log.js";
import { silentLog } from "../support/silent-log.js";

test("what an adapter throws besides its own errors is for the log, not for the person", async () => {
  const log = new RecordingLog();
  const house = new House({ epoch: 1, roleOf: () => "owner", log });
  const failure = new Error("connect to mqtt://user:password@10.0.0.7 failed");
  house.put(aDevice());
  house.carry("house", "fake", () => ({
    start: async () => {},
    stop: async () => {},
    carry: () => {},
    send: () => Promise.reject(failure),
  }));
  const { receipt } = house.execute("alice", { device: "kitchen-lamp", channel: "power", value: true });
  expect(await receipt).toMatchObject({
    receipt: "failed",
    code: "adapter-failed",
    detail: 'The link "house" failed; the log of the gateway says how.',
  });
  expect(log.lines).toMatchObject([{ level: "error", fields: { err: failure, device: "kitchen-lamp" } }]);
});

test("a mistake of the core is for the log, and the sender learns only that there was one", async () => {
  const log = new RecordingLog();
  const failure = new Error("roles[principal] is undefined");
  const house = new House({
    epoch: 1,
    roleOf: () => {
      throw failure;
    },
    log,
  });
  house.put(aDevice());
  const { receipt } = house.execute("alice", { device: "kitchen-lamp", channel: "power", value: true });
  expect(await receipt).toMatchObject({
    receipt: "failed",
    code: "adapter-failed",
    detail: "The gateway made a mistake, and nothing was sent; its log says more.",
  });
  expect(log.lines).toMatchObject([{ level: "error", fields: { err: failure, device: "kitchen-lamp" } }]);
});

test("everything is told in the order of its sequence, the state before the receipt that it brings about", async () => {
  const { house, sink } = aHouse(aDevice());
  const told: [string, number][] = [];
  house.on("state", ({ states }) => {
    for (const { seq } of states.values()) told.push(["state", seq]);
  });
  house.on("availability", (_event, seq) => told.push(["availability", seq]));
  house.on("receipt", (_event, seq) => told.push(["receipt", seq]));
  house.on("device", (_event, seq) => told.push(["device", seq]));

  house.execute("alice", { device: "kitchen-lamp", channel: "power", value: true });
  sink.report("kitchen-lamp", { power: true });
  sink.link("offline");
  house.remove("kitchen-lamp");

  expect(told).toEqual([
    ["state", 2],
    ["receipt", 3],
    ["availability", 4],
    ["state", 5],
    ["availability", 6],
    ["device", 8],
  ]);
});

describe("a house that changes while it runs", () => {
  const lamp = aDevice({
    channels: { power: { value: { kind: "switch" } }, brightness: { value: { kind: "level" } } },
  });
  const turn = () => Promise.resolve();

  /** A second adapter, with the sink it was given. */
  function another(house: House, name: string) {
    const sinks: DeviceSink[] = [];
    const adapter = new FakeAdapter();
    house.carry(name, "fake", ({ sink }: AdapterContext): Adapter => {
      sinks.push(sink);
      return adapter;
    });
    return { adapter, sink: sinks[0] as DeviceSink };
  }

  test("tells an adapter once of all that changed in one turn", async () => {
    const { house, adapter } = aHouse(lamp);
    house.put(aDevice({ id: "b", label: "B" }));
    house.put(aDevice({ id: "c", label: "C" }));
    house.remove("kitchen-lamp");
    await turn();
    expect(adapter.carried).toEqual([["b", "c"]]);
  });

  test("keeps what is known of a channel that holds the same as before, and forgets the others", () => {
    const { house, sink } = aHouse(lamp);
    sink.report("kitchen-lamp", { power: true, brightness: 40 });
    house.put(
      aDevice({
        label: "Another name",
        channels: {
          power: { value: { kind: "switch" } },
          brightness: { value: { kind: "number", unit: "lm" } },
        },
      }),
    );
    const view = house.device("alice", "kitchen-lamp");
    expect([view?.device.label, view?.state("power")?.value, view?.state("brightness")]).toEqual([
      "Another name",
      true,
      undefined,
    ]);
  });

  test("a device that comes where another was knows nothing of it", () => {
    const { house, sink } = aHouse(lamp);
    sink.report("kitchen-lamp", { power: true, brightness: 40 });
    house.remove("kitchen-lamp");
    house.put({ ...lamp, id: "hall-lamp" });
    const view = house.device("alice", "hall-lamp");
    expect([view?.availability.status, view?.state("power"), view?.state("brightness")]).toEqual([
      "unknown",
      undefined,
      undefined,
    ]);
    house.put(lamp);
    sink.report("kitchen-lamp", { power: false });
    expect([
      view?.state("power"),
      house.device("alice", "kitchen-lamp")?.state("power")?.value,
      house.device("alice", "kitchen-lamp")?.state("brightness"),
    ]).toEqual([undefined, false, undefined]);
  });

  test("nobody has heard of a device since it was added, not since the house was built", () => {
    vi.useFakeTimers({ now: 1_000, toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const { house } = aHouse(lamp);
    vi.setSystemTime(61_000);
    house.put(aDevice({ id: "late", label: "Late" }));
    expect(house.devices("alice").map(({ availability }) => availability.since)).toEqual([1_000, 61_000]);
  });

  test("knows nothing of a device that moved to another adapter until it is heard there", async () => {
    const { house, adapter, sink } = aHouse(lamp);
    sink.report("kitchen-lamp", { power: true });
    const other = another(house, "other");
    house.put({ ...lamp, adapter: "other" });
    await turn();
    expect([adapter.carried, other.adapter.carried]).toEqual([[[]], [["kitchen-lamp"]]]);
    const view = house.device("alice", "kitchen-lamp");
    expect([view?.availability.status, view?.state("power")]).toEqual(["unknown", undefined]);
    sink.report("kitchen-lamp", { power: true });
    expect(view?.state("power")).toBeUndefined();
    other.sink.report("kitchen-lamp", { power: false });
    expect([view?.availability.status, view?.state("power")?.value]).toEqual(["online", false]);
  });

  test("a device that is added to a link that is down is offline from the start", () => {
    const { house, sink } = aHouse(lamp);
    sink.link("offline", "no broker");
    house.put(aDevice({ id: "late", label: "Late" }));
    expect(house.device("alice", "late")?.availability).toMatchObject({
      status: "offline",
      detail: "adapter-offline",
    });
  });

  test("an adapter that took another's name is heard, the one that went is not", async () => {
    const { house, sink } = aHouse(lamp);
    sink.link("online");
    sink.report("kitchen-lamp", { power: true });
    await house.release("house");
    const view = house.device("alice", "kitchen-lamp");
    expect([view?.availability.detail, view?.state("power")?.quality]).toEqual([
      "adapter-offline",
      "unavailable",
    ]);
    const successor = another(house, "house");
    sink.link("offline", "said late");
    sink.report("kitchen-lamp", { power: false });
    successor.sink.link("online");
    expect(house.adapters()).toMatchObject([{ name: "house", state: "online", detail: "" }]);
    expect(view?.availability.status).toBe("unknown");
    successor.sink.report("kitchen-lamp", { power: true });
    expect([view?.availability.status, view?.state("power")?.quality]).toEqual(["online", "live"]);
  });

  test("starts an adapter that comes while the house runs", async () => {
    const { house } = aHouse(lamp);
    await house.start();
    const { adapter } = another(house, "other");
    expect(adapter.starts).toBe(1);
    await house.stop();
  });

  test("what becomes of an adapter's start is nothing to the one that took its name meanwhile", async () => {
    const house = new House({ epoch: 1, roleOf: () => "owner", log: silentLog });
    const slow = new FakeAdapter();
    let fail = (_reason: Error) => {};
    slow.start = () => new Promise((_resolve, reject) => (fail = reject));
    house.carry("house", "fake", () => slow);
    const started = house.start();
    await house.release("house");
    another(house, "house").sink.link("online");
    fail(new Error("too late"));
    await started;
    expect(house.adapters()).toMatchObject([{ name: "house", state: "online" }]);
    await house.stop();
  });

  test("an adapter that fails to stop is gone all the same, and the log says so", async () => {
    const log = new RecordingLog();
    const house = new House({ epoch: 1, roleOf: () => "owner", log });
    const adapter = new FakeAdapter();
    adapter.stop = () => Promise.reject(new Error("it hangs"));
    house.carry("house", "fake", () => adapter);
    await house.release("house");
    expect(house.adapters()).toEqual([]);
    expect(log.lines).toMatchObject([
      { level: "warn", message: "offline; it was taken away" },
      { level: "error", message: 'the adapter "house" does not stop: it hangs' },
    ]);
  });

  test("goes on as before when an adapter refuses its devices, and says so", async () => {
    const log = new RecordingLog();
    const house = new House({ epoch: 1, roleOf: () => "owner", log });
    const adapter = new FakeAdapter();
    adapter.carry = () => {
      throw new Error("not this one");
    };
    house.carry("house", "fake", () => adapter);
    house.put(lamp);
    await turn();
    expect(log.lines).toMatchObject([{ level: "error", message: '"house" goes on as before: not this one' }]);
  });
});
