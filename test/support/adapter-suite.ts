import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Adapter } from "../../src/core/adapter.js";
import type { AdapterCase, AdapterWorld } from "./adapter-world.js";
import { closedDoor } from "./closed-door.js";
import { describeHardship } from "./hardship-suite.js";
import { RecordingSink } from "./recording-sink.js";
import { silentLog } from "./silent-log.js";

/** What every adapter owes the core. */
export function describeAdapter(name: string, given: AdapterCase): void {
  describeOnAGoodDay(name, given);
  describeHardship(name, given);
}

function describeOnAGoodDay(name: string, { factory, device, commands, ...rest }: AdapterCase): void {
  const [command] = commands;
  describe(`${name}, as every adapter,`, () => {
    const patient = { timeout: 15_000 };
    let world: AdapterWorld;
    let sink: RecordingSink;
    let adapter: Adapter;

    beforeEach(async () => {
      world = await rest.openWorld();
      sink = new RecordingSink();
      adapter = factory.create(world.settings, {
        name: "world",
        devices: [device],
        sink,
        hooks: closedDoor,
        log: silentLog,
      });
    });

    afterEach(async () => {
      await adapter.stop();
      await world.close();
    });

    const online = () => expect.poll(() => sink.state, patient).toBe("online");
    const lastLoss = () =>
      rest.loses === "device"
        ? { state: sink.availabilities.at(-1)?.status, detail: sink.availabilities.at(-1)?.why?.text }
        : sink.links.at(-1);
    const lost = () => expect.poll(() => lastLoss()?.state, patient).toBe("offline");
    const found = () => expect.poll(() => lastLoss()?.state, patient).toBe("online");
    const never = new AbortController().signal;

    test("tells the core nothing before it is started", () => {
      expect(sink.links).toEqual([]);
    });

    test("stops before it was started, and twice", async () => {
      await adapter.stop();
      await adapter.start();
      await online();
      await adapter.stop();
      await adapter.stop();
    });

    test("starts twice as if once, and again after a stop", async () => {
      await adapter.start();
      await adapter.start();
      await online();
      expect(sink.links.map(({ state }) => state)).toEqual(["connecting", "online"]);
      await adapter.stop();
      await adapter.start();
      await online();
      await adapter.send(command, never);
      await expect.poll(() => world.received).toHaveLength(1);
    });

    test("starts without its world, and finds it later", async () => {
      await world.lose();
      await adapter.start();
      await lost();
      await world.find();
      await found();
    });

    test("says that its world is lost, why, and that it is found", async () => {
      await adapter.start();
      await found();
      await world.lose();
      await lost();
      expect(lastLoss()?.detail).toMatch(/./);
      await world.find();
      await found();
      await adapter.send(command, never);
      await expect.poll(() => world.received).toHaveLength(1);
    });

    test("refuses a command while its world is away, and does not send it later", async () => {
      await expect(adapter.send(command, never)).rejects.toMatchObject({ code: "device-offline" });
      await adapter.start();
      await found();
      await world.lose();
      await lost();
      await expect(adapter.send(command, never)).rejects.toMatchObject({ code: "device-offline" });
      await world.find();
      await found();
      await adapter.send({ ...command, id: "later" }, never);
      await expect.poll(() => world.received).toHaveLength(1);
    });

    test("never sends what was cancelled before", async () => {
      await adapter.start();
      await online();
      await expect(adapter.send(command, AbortSignal.abort())).rejects.toMatchObject({
        code: "adapter-failed",
      });
      await adapter.send({ ...command, id: "later" }, never);
      await expect.poll(() => world.received).toHaveLength(1);
    });

    test("carries other devices from one moment to the next, and none that it refuses", async () => {
      adapter.carry([]);
      await adapter.start();
      await online();
      await expect(adapter.send(command, never)).rejects.toMatchObject({ code: expect.any(String) });
      adapter.carry([device]);
      await adapter.send(command, never);
      await expect.poll(() => world.received).toHaveLength(1);
      const { address, channels } = rest.wrongDevice;
      const wrong = new Map(
        Object.entries(channels).map(([id, channel]) => [
          id,
          { id, label: id, readable: true, writable: true, ...channel },
        ]),
      );
      expect(() => adapter.carry([{ ...device, id: "wrong", address, channels: wrong }])).toThrow(
        expect.objectContaining({ code: "config-invalid" }),
      );
      await adapter.send({ ...command, id: "later" }, never);
      await expect.poll(() => world.received).toHaveLength(2);
    });

    test("finds the mistakes in settings and devices, and creates nothing from them", () => {
      expect(factory.checkSettings(world.settings)).toEqual([]);
      expect(factory.checkSettings(rest.wrongSettings)).not.toEqual([]);
      expect(
        factory.checkDevice({ address: device.address, channels: Object.fromEntries(device.channels) }),
      ).toMatchObject({ problems: [] });
      expect(factory.checkDevice(rest.wrongDevice).problems).not.toEqual([]);
      const context = { name: "world", devices: [device], sink, hooks: closedDoor, log: silentLog };
      expect(() => factory.create(rest.wrongSettings, context)).toThrow(
        expect.objectContaining({ code: "config-invalid" }),
      );
    });
  });
}
