import { describe, expect, test } from "vitest";
import { TalkingHouse } from "./talking-house.js";

describe("on, off and N% reach lights only", () => {
  test.each([
    ["kitchen off", ["kitchen-lamp/power=false", "oven/power=false"]],
    ["hall on", ["hall-lamp/power=true"]],
    ["downstairs on", ["hall-lamp/power=true", "kitchen-lamp/power=true"]],
    ["kitchen lights 40%", ["kitchen-lamp/brightness=40"]],
    ["40 % lights in the kitchen", ["kitchen-lamp/brightness=40"]],
    ["kitchen 40", ["kitchen-lamp/brightness=40"]],
  ])("%j", async (text, done) => {
    const house = new TalkingHouse();
    await house.say(text);
    expect(house.done.toSorted()).toEqual(done);
  });

  test("all lights, in whatever words", async () => {
    for (const text of [
      "lights off",
      "all lights off",
      "off lights",
      "turn off all the lamps",
      "Lights: off",
    ]) {
      const house = new TalkingHouse();
      expect(await house.say(text)).toBe("5 lights are off.");
    }
  });
});

test("open, close and stop reach blinds only, and never a lock", async () => {
  const house = new TalkingHouse();
  expect(await house.say("kitchen open")).toBe("Blind is open.");
  expect(await house.say("blinds stop")).toBe("Blind has stopped: open.");
  expect(await house.say("hall open")).toBe(
    '"open" for several devices reaches blinds only; none belong to Hall.',
  );
  expect(await house.say("locks open")).toBe(
    '"open" for several devices reaches blinds only; none belong to the locks.',
  );
  expect(house.done).toEqual(["kitchen-blind/position=100", "kitchen-blind/position=stop"]);
});

test("a hazard among them is left alone, and named", async () => {
  const house = new TalkingHouse();
  expect(await house.say("kitchen on")).toBe(
    "Kitchen lamp is on.\nOven is left alone: that could do harm, so say it to this one alone.",
  );
  expect(house.gateway.executed.map(({ request }) => request.device)).toEqual(["kitchen-lamp"]);
});

test("the answer counts those that did it and names those that did not", async () => {
  const house = new TalkingHouse();
  house.ends.set("hall-lamp", { receipt: "timed-out" });
  house.ends.set("guest-lamp", { receipt: "sent" });
  house.gateway.setAvailability("bed-lamp", "offline", { since: Date.now() - 3 * 3_600_000 });
  expect(await house.say("lights off")).toBe(
    [
      "2 lights are off.",
      "Sent to Guest room Lamp; it does not report back.",
      "Hall lamp did not answer in 10 s; it may have happened.",
      "Bedroom Lamp has been offline for 3 h; nothing was sent.",
    ].join("\n"),
  );
});

test("a light that cannot do it says so", async () => {
  const house = new TalkingHouse();
  expect(await house.say("downstairs 40%")).toBe(
    'Kitchen lamp: brightness is 40 %.\nHall lamp does not take "40%": power takes on, off or toggle.',
  );
});

test("anything else is not for several devices at once", async () => {
  const house = new TalkingHouse();
  expect(await house.say("lights toggle")).toMatch(
    /^For several devices at once \(the lights\), I understand "on"/,
  );
  expect(await house.say("hall unlock")).toMatch(/^For several devices at once \(Hall\)/);
  expect(await house.say("sockets on")).toBe("There are no devices among the sockets.");
  expect(await house.say("kitchen +10")).toMatch(/^For several devices/);
  expect(house.gateway.executed).toEqual([]);
});

test("each command has an id of its own under the message's", async () => {
  const house = new TalkingHouse();
  await house.say("downstairs on", { id: "m1" });
  expect(house.gateway.executed.map(({ request }) => request.id)).toEqual([
    "m1/hall-lamp",
    "m1/kitchen-lamp",
  ]);
});
