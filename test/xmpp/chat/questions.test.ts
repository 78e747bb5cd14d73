import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TalkingHouse } from "./talking-house.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a hazard is asked back and done by its code, said to the device", async () => {
  const house = new TalkingHouse();
  expect(await house.tell("front-door", "unlock")).toBe('Unlock Front door? Reply "yes 4821" within 30 s.');
  expect(house.done).toEqual([]);
  expect(await house.tell("front-door", "Yes 4821.", { id: "m2" })).toBe("Front door is unlocked.");
  expect(house.done).toEqual(["front-door/lock=unlock"]);
  expect(house.gateway.executed.at(-1)?.request).toEqual({
    device: "front-door",
    channel: "lock",
    value: "unlock",
    confirm: "4821",
    id: "m2/front-door",
  });
});

test("the code may be said to the house, but to no other device", async () => {
  const house = new TalkingHouse();
  await house.tell("front-door", "unlock");
  expect(await house.tell("hall-lamp", "yes 4821")).toBe(
    "The code 4821 is not for this device; nothing was done. Say it where you were asked.",
  );
  expect(await house.say("yes 4821")).toBe("Front door is unlocked.");
});

test("what is switched is named with its channel, for the device may have others", async () => {
  const house = new TalkingHouse();
  expect(await house.tell("outside", "siren on")).toBe(
    'Switch on Outside (siren)? Reply "yes 4821" within 30 s.',
  );
  expect(await house.tell("outside", "yes 4821")).toBe("Outside: siren is on.");
  expect(await house.tell("outside", "siren off")).toBe("Outside: siren is off.");
});

test("a toggle is confirmed as what it meant when it was asked", async () => {
  const house = new TalkingHouse();
  house.gateway.report("outside", { siren: false });
  await house.tell("outside", "toggle");
  house.gateway.report("outside", { siren: true });
  await house.tell("outside", "yes 4821");
  expect(house.done).toEqual(["outside/siren=true"]);
});

test("a code works once, and only for 30 s", async () => {
  const house = new TalkingHouse();
  await house.say("unlock front door");
  await house.say("yes 4821");
  expect(await house.say("yes 4821")).toBe("The code 4821 was used already; it works once.");
  await house.say("unlock front door");
  vi.advanceTimersByTime(30_000);
  expect(await house.say("yes 4821")).toBe(
    "The code 4821 is too old; nothing was done. Say it again for a new one.",
  );
  expect(house.done).toHaveLength(1);
});

test("another person's code is none", async () => {
  const house = new TalkingHouse();
  await house.say("unlock front door");
  expect(await house.chat.toHouse("bob@example.org", "yes 4821")).toBe(
    '"4821" is no code that I gave you; nothing was done.',
  );
  expect(house.done).toEqual([]);
});

test("a wrong code is said to be wrong, and the right one still works", async () => {
  const house = new TalkingHouse();
  await house.say("unlock front door");
  expect(await house.say("yes 1234")).toBe(
    '"1234" is no code that I gave you; nothing was done. To unlock Front door, reply "yes 4821".',
  );
  expect(await house.say("yes 4821")).toBe("Front door is unlocked.");
});

test("a code that the core does not take is refused in plain words", async () => {
  const house = new TalkingHouse();
  await house.say("unlock front door");
  house.gateway.answer = () => ({ receipt: "refused", code: "confirmation-invalid" });
  expect(await house.say("yes 4821")).toBe(
    "That code is wrong, used or too old; nothing was done. Say it again for a new one.",
  );
});

test("yes alone needs its code, even where only one question is open", async () => {
  const house = new TalkingHouse();
  expect(await house.say("yes")).toBe("There is nothing to confirm.");
  await house.say("unlock front door");
  expect(await house.say("yes")).toBe('A yes needs its code. To unlock Front door, reply "yes 4821".');
  expect(house.done).toEqual([]);
});

test("no cancels", async () => {
  const house = new TalkingHouse();
  expect(await house.say("no")).toBe("There is nothing to cancel.");
  await house.say("unlock front door");
  expect(await house.tell("front-door", "No!")).toBe("Cancelled: unlock Front door.");
  expect(await house.say("yes 4821")).toBe("That was cancelled. Say it again for a new code.");
  expect(house.done).toEqual([]);
});
