import { expect, test, vi } from "vitest";
import { aHouse } from "./simulated-house.js";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

test("a lamp confirms within a moment, goes out at brightness 0 and is bright when it is lit again", async () => {
  const { command, value } = await aHouse();

  expect(await command("kitchen-lamp", "brightness", 40)).toMatchObject({ receipt: "confirmed" });
  expect(value("kitchen-lamp", "power")).toBe(true);
  expect(await command("kitchen-lamp", "brightness", 0)).toMatchObject({ receipt: "confirmed" });
  expect(value("kitchen-lamp", "power")).toBe(false);
  expect(await command("kitchen-lamp", "power", "on")).toMatchObject({ receipt: "confirmed" });
  expect(value("kitchen-lamp", "brightness")).toBe(100);
});

test("a colour lights the lamp", async () => {
  const { command, value } = await aHouse();
  await command("living-room-lamp", "power", false);

  expect(await command("living-room-lamp", "color", "#0000ff")).toMatchObject({ receipt: "confirmed" });
  expect(value("living-room-lamp", "power")).toBe(true);
});

test("a blind tells its positions on the way, and stops where it is", async () => {
  const { house, command, value, watch } = await aHouse();
  const positions = watch("bedroom-blind", "position");

  expect(await command("bedroom-blind", "position", 65)).toMatchObject({ receipt: "confirmed" });
  expect(positions).toEqual([90, 80, 70, 65]);

  const closing = house.execute("owner", { device: "bedroom-blind", channel: "position", value: "close" });
  await vi.advanceTimersByTimeAsync(2 * second);
  expect(await command("bedroom-blind", "position", "stop")).toMatchObject({ receipt: "confirmed" });
  const stopped = value("bedroom-blind", "position");
  await vi.advanceTimersByTimeAsync(10 * second);

  expect(await closing.receipt).toMatchObject({ receipt: "sent", code: "superseded" });
  expect(stopped).toBe(35);
  expect(value("bedroom-blind", "position")).toBe(stopped);
});

test("the front door asks before it unlocks, and turns its bolt in a moment", async () => {
  const { house, command, watch } = await aHouse();
  const states = watch("front-door", "lock");
  const unasked = await house.execute("owner", { device: "front-door", channel: "lock", value: "unlock" })
    .receipt;

  expect(unasked).toMatchObject({ receipt: "refused", code: "confirmation-required" });
  expect(await command("front-door", "lock", "unlock")).toMatchObject({ receipt: "confirmed" });
  expect(await command("front-door", "lock", "lock")).toMatchObject({ receipt: "confirmed" });
  expect(states).toEqual(["unlocking", "unlocked", "locking", "locked"]);
});

test("a bolt that meets an open door jams", async () => {
  const { command, value } = await aHouse();
  await command("front-door", "lock", "open");

  expect(value("front-door", "contact")).toBe(true);
  expect(await command("front-door", "lock", "lock")).toMatchObject({ receipt: "failed" });
  expect(value("front-door", "lock")).toBe("jammed");

  await vi.advanceTimersByTimeAsync(10 * second);
  expect(value("front-door", "contact")).toBe(false);
  expect(await command("front-door", "lock", "lock")).toMatchObject({ receipt: "confirmed" });
});

test("the chime rings the doorbell", async () => {
  const { house, command } = await aHouse();
  const rings: unknown[] = [];
  house.on("event", ({ device, channel, event }) => rings.push([device.id, channel, event]));

  expect(await command("front-door", "chime", "press")).toMatchObject({ receipt: "sent" });
  await vi.advanceTimersByTimeAsync(second);

  expect(rings).toEqual([["front-door", "doorbell", { type: "ring" }]]);
});

test("the oven is a hazard to switch on, not to switch off, and gets hot", async () => {
  const { house, command, value } = await aHouse();
  const unasked = await house.execute("owner", { device: "oven", channel: "power", value: true }).receipt;
  expect(unasked).toMatchObject({ code: "confirmation-required" });

  expect(await command("oven", "target", 200)).toMatchObject({ receipt: "confirmed" });
  expect(await command("oven", "power", true)).toMatchObject({ receipt: "confirmed" });
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(value("oven", "temperature")).toBe(200);

  const off = house.execute("owner", { device: "oven", channel: "power", value: false });
  await vi.advanceTimersByTimeAsync(hour);
  expect(await off.receipt).toMatchObject({ receipt: "confirmed" });
  expect(value("oven", "temperature")).toBe(21);
});

test("a radiator brings the room to what was set", async () => {
  const { command, value } = await aHouse();

  expect(await command("thermostat", "target", 23)).toMatchObject({ receipt: "confirmed" });
  expect(value("thermostat", "heating")).toBe(true);
  await vi.advanceTimersByTimeAsync(3 * hour);
  expect(value("thermostat", "temperature")).toBeCloseTo(23, 0);

  expect(await command("thermostat", "mode", "off")).toMatchObject({ receipt: "confirmed" });
  expect(value("thermostat", "heating")).toBe(false);
  await vi.advanceTimersByTimeAsync(3 * hour);
  expect(value("thermostat", "temperature")).toBeLessThan(22);
});

test("a radio plays a title while it is on, and what it announces is only sent", async () => {
  const { command, value } = await aHouse();
  expect(value("radio", "title")).toBe("");

  expect(await command("radio", "power", true)).toMatchObject({ receipt: "confirmed" });
  expect(value("radio", "title")).not.toBe("");
  expect(await command("radio", "volume", 60)).toMatchObject({ receipt: "confirmed" });
  expect(await command("radio", "station", "News")).toMatchObject({ receipt: "confirmed" });
  expect(await command("radio", "announce", "Dinner!")).toMatchObject({ receipt: "sent" });
});

test("the fan obeys without a word, and is online all the same", async () => {
  const { house, command } = await aHouse();

  expect(await command("bedroom-fan", "power", true)).toMatchObject({ receipt: "sent" });
  expect(house.device("owner", "bedroom-fan")?.availability.status).toBe("online");
});

test("the washing machine comes to the end of its program and can be started again", async () => {
  const { command, value } = await aHouse();
  expect(value("washing-machine", "phase")).toBe("washing");
  expect(value("washing-machine", "finish")).toBe("2026-11-22T08:40:00Z");
  expect(await command("washing-machine", "start", "press")).toMatchObject({
    receipt: "failed",
    detail: "The washing machine is at work already.",
  });

  await vi.advanceTimersByTimeAsync(41 * minute);
  expect(value("washing-machine", "phase")).toBe("done");
  expect(value("washing-machine", "consumption")).toBeLessThan(5);

  expect(await command("washing-machine", "program", "quick")).toMatchObject({ receipt: "confirmed" });
  expect(await command("washing-machine", "start", "press")).toMatchObject({ receipt: "sent" });
  await vi.advanceTimersByTimeAsync(second);
  expect(value("washing-machine", "phase")).toBe("washing");
  expect(value("washing-machine", "consumption")).toBeGreaterThan(1_500);
});

test("the washing machine begins in time for the end that was set, and cannot end in the past", async () => {
  const { command, value } = await aHouse();
  await vi.advanceTimersByTimeAsync(41 * minute);
  await command("washing-machine", "program", "quick");
  const wanted = new Date(Date.now() + 2 * hour).toISOString();

  expect(await command("washing-machine", "finish", wanted)).toMatchObject({ receipt: "confirmed" });
  expect(value("washing-machine", "phase")).toBe("waiting");
  await vi.advanceTimersByTimeAsync(91 * minute);
  expect(value("washing-machine", "phase")).toBe("washing");
  expect(await command("washing-machine", "finish", "2020-01-01T00:00:00Z")).toMatchObject({
    receipt: "failed",
  });
});

test("the washing machine lets go of its program when its socket is switched off", async () => {
  const { command, value } = await aHouse();

  expect(await command("washing-machine", "power", true)).toMatchObject({ receipt: "confirmed" });
  expect(value("washing-machine", "phase")).toBe("washing");
  expect(await command("washing-machine", "power", false)).toMatchObject({ receipt: "confirmed" });
  expect(value("washing-machine", "phase")).toBe("off");
  expect(value("washing-machine", "consumption")).toBe(0);
  expect(await command("washing-machine", "start", "press")).toMatchObject({ receipt: "failed" });
});

test("a picture is taken when asked", async () => {
  const { command, watch } = await aHouse();
  const pictures = watch("door-camera", "snapshot");

  expect(await command("door-camera", "shoot", "press")).toMatchObject({ receipt: "sent" });
  await vi.advanceTimersByTimeAsync(second);

  expect(pictures).toEqual([{ contentType: "image/jpeg", size: expect.any(Number) }]);
});

test("a day goes by: doors, motion, rooms, weather and the car are on the move, within reason", async () => {
  const { log, watch } = await aHouse();
  const doors = watch("front-door", "contact");
  const windows = watch("bedroom-window", "contact");
  const motions = watch("bathroom-sensor", "motion");
  const leaks = watch("bathroom-sensor", "leak");
  const temperatures = watch("weather", "temperature");
  const bedroom = watch("bedroom-window", "temperature");
  const places = watch("car", "location");
  const locks = watch("front-door", "lock");

  await vi.advanceTimersByTimeAsync(24 * hour);

  expect(doors.length).toBeGreaterThan(10);
  expect(windows.length).toBeGreaterThan(10);
  expect(motions.length).toBeGreaterThan(100);
  expect(leaks.slice(0, 2)).toEqual([true, false]);
  expect(span(temperatures)).toBeGreaterThan(4);
  expect(span(temperatures)).toBeLessThan(20);
  expect(Math.min(...bedroom.map(Number))).toBeGreaterThan(0);
  expect(places.length).toBeGreaterThan(60);
  expect(locks.at(-1)).toBe("locked");
  expect(locks).not.toContain("jammed");
  // The core warns of readings that do not fit their channel.
  expect(log.lines.filter(({ level }) => level !== "info")).toEqual([]);
});

test("the car cannot charge on its way", async () => {
  const { house, command, watch } = await aHouse();
  const places = watch("car", "location");

  while (places.length < 3) await vi.advanceTimersByTimeAsync(minute);

  expect(await command("car", "charging", true)).toMatchObject({
    receipt: "failed",
    detail: "The car is on its way and not plugged in.",
  });
  expect(house.device("owner", "car")?.state("charging")?.value).toBe(false);
});

function span(values: readonly unknown[]): number {
  const numbers = values.map(Number);
  return Math.max(...numbers) - Math.min(...numbers);
}
