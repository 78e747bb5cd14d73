import { setMaxListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Adapter } from "../../src/core/adapter.js";
import type { AdapterCase, AdapterWorld, BabblingWorld } from "./adapter-world.js";
import { closedDoor } from "./closed-door.js";
import { RecordingSink } from "./recording-sink.js";
import { silentLog } from "./silent-log.js";

/** What every adapter owes the core when its world is slow, talks nonsense or talks too much. */
export function describeHardship(name: string, given: AdapterCase): void {
  const { factory, device, commands, reading, neverBabbles } = given;
  const but = neverBabbles === undefined ? "" : ` (no nonsense: ${neverBabbles})`;
  describe(`${name}, under hardship as every adapter${but},`, () => {
    const patient = { timeout: 20_000 };
    const never = new AbortController().signal;
    setMaxListeners(0, never);
    const [first, other] = commands;
    const [one, two] = reading.values;
    let world: AdapterWorld & Partial<BabblingWorld>;
    let sink: RecordingSink;
    let adapter: Adapter;

    const online = () => expect.poll(() => sink.state, patient).toBe("online");
    const said = () =>
      sink.reports.flatMap(({ readings }) =>
        reading.channel in readings ? [readings[reading.channel]] : [],
      );
    const lastSaid = (value: unknown) => expect.poll(() => said().at(-1), patient).toEqual(value);

    beforeEach(async () => {
      world = await given.openWorld();
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
      const told = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? first : other));
      await Promise.all(told.map((command, index) => adapter.send({ ...command, id: `${index}` }, never)));
      await expect.poll(() => world.received, patient).toHaveLength(100);
      const [on, off] = world.received;
      expect(on).not.toEqual(off);
      expect(world.received).toEqual(told.map((command) => (command === first ? on : off)));
    });

    test("waits for a world that is slow, and loses nothing by it", async () => {
      await world.say(one);
      await lastSaid(one);
      world.stall();
      const saying = world.say(two);
      const sent = adapter.send(first, never);
      world.resume();
      await Promise.all([saying, sent]);
      await expect.poll(() => world.received, patient).toHaveLength(1);
      await lastSaid(two);
    });

    test("never sends what was given up while its world took nothing, unless it says that it may have", async () => {
      await adapter.send(first, never);
      await expect.poll(() => world.received, patient).toHaveLength(1);
      world.stall();
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
      world.resume();
      await expect
        .poll(async () => adapter.send({ ...other, id: "last" }, never).then(() => "taken", String), patient)
        .toBe("taken");
      const [sample] = world.received;
      await expect.poll(() => world.received.at(-1), patient).not.toEqual(sample);
      const late = world.received.filter((command) => JSON.stringify(command) === JSON.stringify(sample));
      expect(late.length - 1).toBeLessThanOrEqual(possible);
    });

    test("stops while its world takes nothing", async () => {
      world.stall();
      const sent = adapter.send(first, never).then(
        () => "sent",
        ({ code }) => code,
      );
      await adapter.stop();
      expect(["sent", "adapter-failed", "device-offline"]).toContain(await sent);
    });

    test("comes to the last word of a device that talks too much, and takes a command in the middle of it", async () => {
      const flood = Array.from({ length: 250 }, () => [one, two]).flat();
      await Promise.all([world.say(...flood), adapter.send(first, never)]);
      await expect.poll(() => world.received, patient).toHaveLength(1);
      await lastSaid(two);
      await world.say(one);
      await lastSaid(one);
      expect(said().length).toBeLessThanOrEqual(flood.length + 2);
    });

    if (neverBabbles === undefined) {
      test("takes a megabyte that means nothing for nothing, and understands what comes after", async () => {
        await world.say(one);
        await lastSaid(one);
        const before = said().length;
        await world.babble?.();
        await expect
          .poll(async () => {
            await world.say(two);
            return said().at(-1);
          }, patient)
          .toEqual(two);
        for (const value of said().slice(before)) expect(reading.values).toContainEqual(value);
        expect(sink.events).toEqual([]);
        await online();
      });
    }
  });
}
