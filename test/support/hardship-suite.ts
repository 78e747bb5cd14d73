import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Adapter, AdapterFactory } from "../../src/core/adapter.js";
import type { Command } from "../../src/core/command.js";
import type { ChannelId, Device } from "../../src/core/device.js";
import { closedDoor } from "./closed-door.js";
import { RecordingSink } from "./recording-sink.js";
import { silentLog } from "./silent-log.js";

/** Why this cannot happen to an adapter, as a sentence. */
interface Impossible {
  readonly impossible: string;
}

/** The world behind an adapter, where it is at its worst. */
export interface HardWorld {
  /** Settings under which the adapter finds this world. */
  readonly settings: unknown;
  /** What of the adapter's commands arrived, oldest first; equal commands are equal here. */
  readonly received: readonly unknown[];
  /** From now on it is there and takes nothing, until what this resolves with is called. */
  stall(): Promise<() => Promise<void> | void>;
  /** Sends a megabyte that means nothing, as fast as it can. */
  babble(): Promise<void>;
  /** Lets the device say its `readings` once. Nothing, where it is asked for them at intervals. */
  say(): Promise<void>;
  /** Lets the device say them 500 times, as fast as it can. */
  readonly flood: (() => Promise<void>) | Impossible;
  close(): Promise<void>;
}

interface HardCase {
  readonly factory: AdapterFactory;
  readonly device: Device;
  /** Two commands that `device` takes, of different values. */
  readonly commands: readonly [Command, Command];
  /** All that the device ever says. */
  readonly readings: Readonly<Record<ChannelId, unknown>>;
  openWorld(): Promise<HardWorld>;
}

/** What every adapter owes the core when its world is slow, talks nonsense or talks too much. */
export function describeHardship(name: string, { factory, device, commands, ...rest }: HardCase): void {
  describe(`${name}, under hardship as every adapter,`, () => {
    const patient = { timeout: 20_000 };
    const never = () => new AbortController().signal;
    const [first, other] = commands;
    let world: HardWorld;
    let sink: RecordingSink;
    let adapter: Adapter;

    const online = () => expect.poll(() => sink.state, patient).toBe("online");

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
      await adapter.start();
      await online();
    });

    afterEach(async () => {
      await adapter.stop();
      await world.close();
    });

    test("takes a hundred commands at once, in their order", async () => {
      const given = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? first : other));
      await Promise.all(given.map((command, index) => adapter.send({ ...command, id: `${index}` }, never())));
      await expect.poll(() => world.received, patient).toHaveLength(100);
      const [one, two] = world.received;
      expect(one).not.toEqual(two);
      expect(world.received).toEqual(given.map((command) => (command === first ? one : two)));
    });

    test("never sends what was given up while its world took nothing, unless it says that it may have", async () => {
      await adapter.send(first, never());
      await expect.poll(() => world.received, patient).toHaveLength(1);
      const goOn = await world.stall();
      const deadlines = Array.from({ length: 200 }, () => new AbortController());
      let possible = 0;
      const sent = deadlines.map(({ signal }, index) =>
        adapter.send({ ...first, id: `${index}` }, signal).then(
          () => {
            possible += 1;
          },
          (error) => {
            expect(error).toMatchObject({ code: expect.stringMatching(/^(adapter-failed|device-offline)$/) });
            if (error.message.includes("may have happened")) possible += 1;
          },
        ),
      );
      await new Promise(setImmediate);
      for (const deadline of deadlines) deadline.abort();
      await Promise.all(sent);
      await goOn();
      await expect
        .poll(
          async () => adapter.send({ ...other, id: "last" }, never()).then(() => "taken", String),
          patient,
        )
        .toBe("taken");
      const [one] = world.received;
      await expect.poll(() => world.received.at(-1), patient).not.toEqual(one);
      const late = world.received.filter((command) => JSON.stringify(command) === JSON.stringify(one));
      expect(late.length - 1).toBeLessThanOrEqual(possible);
    });

    test("stops while its world takes nothing", async () => {
      await world.stall();
      const sent = adapter.send(first, never()).then(
        () => "sent",
        ({ code }) => code,
      );
      await adapter.stop();
      expect(["sent", "adapter-failed", "device-offline"]).toContain(await sent);
    });

    test("takes a megabyte that means nothing for nothing, and understands what comes after", async () => {
      const before = sink.reports.length;
      await world.babble();
      await expect
        .poll(async () => {
          await world.say();
          return sink.reports.length;
        }, patient)
        .toBeGreaterThan(before);
      await online();
      for (const { readings } of sink.reports) expect(readings).toEqual(rest.readings);
      expect(sink.events).toEqual([]);
    });

    test("loses nothing of a flood that its device sends, and takes a command in the middle of it", async () => {
      const { flood } = world;
      if (typeof flood !== "function") return expect(flood.impossible).not.toBe("");
      await Promise.all([flood(), adapter.send(first, never())]);
      await expect.poll(() => world.received, patient).toHaveLength(1);
      await expect.poll(() => sink.reports.length, patient).toBe(500);
      for (const { readings } of sink.reports) expect(readings).toEqual(rest.readings);
    });
  });
}
