import { describe, expect, test } from "vitest";
import { TalkingHouse } from "./talking-house.js";

describe("what came too late", () => {
  test("is not done if it is a command", async () => {
    const house = new TalkingHouse();
    const answer = "That came too late and was not done. Say it again if you still want it.";
    expect(await house.tell("hall-lamp", "on", { age: "late" })).toBe(answer);
    expect(await house.say("hall lamp on", { age: "late" })).toBe(answer);
    expect(await house.say("kitchen blind close", { age: "late" })).toBe(answer);
    expect(house.gateway.executed).toEqual([]);
  });

  test("is not done by several devices, which say it once", async () => {
    const house = new TalkingHouse();
    expect(await house.say("lights off", { age: "late" })).toBe(
      "That came too late and was not done. Say it again if you still want it.",
    );
    expect(house.gateway.executed).toEqual([]);
  });

  test("confirms nothing", async () => {
    const house = new TalkingHouse();
    await house.say("unlock front door");
    expect(await house.say("yes 4821", { age: "late" })).toMatch(/^That came too late/);
    expect(house.done).toEqual([]);
  });

  test("is answered if it is a question", async () => {
    const house = new TalkingHouse();
    expect(await house.tell("hall-lamp", "status", { age: "late" })).toBe("Hall lamp: nothing reported yet");
    expect(await house.say("help", { age: "late" })).toContain("understands");
  });
});

describe("of unknown age", () => {
  test.each([
    ["hall lamp on", ["hall-lamp/power=true"]],
    ["kitchen lamp 40%", ["kitchen-lamp/brightness=40"]],
    ["kitchen lamp toggle", []],
    ["kitchen lamp +10", []],
    ["kitchen blind close", []],
    ["thermostat 21", []],
    ["bell press", []],
    ["unlock front door", []],
  ])("only what is safe and absolute is obeyed: %j", async (text, done) => {
    const house = new TalkingHouse();
    house.gateway.report("kitchen-lamp", { power: true, brightness: 10 });
    await house.say(text, { age: "unknown" });
    expect(house.done).toEqual(done);
  });

  test("a code is not taken either", async () => {
    const house = new TalkingHouse();
    await house.say("unlock front door");
    expect(await house.say("yes 4821", { age: "unknown" })).toMatch(/^The connection was away/);
    expect(house.done).toEqual([]);
  });
});
