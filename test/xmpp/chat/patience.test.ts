import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { alice, TalkingHouse } from "./talking-house.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("who answers nonsense with nonsense at once, more than three times in a row, gets silence for a minute", async () => {
  const house = new TalkingHouse();
  const heard: boolean[] = [];
  for (let n = 0; n < 6; n += 1) heard.push((await house.say(`blah ${n}`)) !== undefined);
  expect(heard).toEqual([true, true, true, true, false, false]);
  vi.advanceTimersByTime(59_000);
  expect(await house.say("blah")).toBeUndefined();
  vi.advanceTimersByTime(1000);
  expect(await house.say("blah")).toBeDefined();
});

test("who takes time to write is never silenced", async () => {
  const house = new TalkingHouse();
  for (let n = 0; n < 15; n += 1) {
    expect(await house.say(`blah ${n}`)).toBeDefined();
    vi.advanceTimersByTime(1100);
  }
});

test("a slow exchange of nonsense dries up, too", async () => {
  const house = new TalkingHouse();
  let answers = 0;
  for (let n = 0; n < 600; n += 1) {
    if ((await house.say(`blah ${n}`)) !== undefined) answers += 1;
    vi.advanceTimersByTime(1100);
  }
  expect(answers).toBeLessThan(250);
});

test("a silenced person who makes sense is obeyed, and heard again", async () => {
  const house = new TalkingHouse();
  for (let n = 0; n < 6; n += 1) await house.say(`blah ${n}`);
  expect(await house.say("hall lamp on")).toBe("Hall lamp is on.");
  expect(await house.say("blah")).toBeDefined();
});

test("sense is never limited, however fast it comes", async () => {
  const house = new TalkingHouse();
  for (let n = 0; n < 100; n += 1) expect(await house.say("hall lamp on")).toBe("Hall lamp is on.");
});

test("our own words coming back are an echo, and get no answer", async () => {
  const house = new TalkingHouse();
  const answer = await house.say("panel: message: hello");
  expect(answer).toBe('Panel: message is "hello".');
  expect(await house.say(answer ?? "")).toBeUndefined();
  expect(house.done).toHaveLength(1);
});

test("one person's noise silences nobody else", async () => {
  const house = new TalkingHouse();
  for (let n = 0; n < 6; n += 1) await house.chat.toHouse("bot@example.org", `blah ${n}`);
  expect(await house.chat.toHouse(alice, "blah")).toBeDefined();
});
