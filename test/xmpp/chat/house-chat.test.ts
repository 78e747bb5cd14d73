import { describe, expect, test } from "vitest";
import { aDevice } from "../../support/fake-device.js";
import { TalkingHouse } from "./talking-house.js";

describe("one device is meant", () => {
  test.each([
    ["kitchen lamp: on", "kitchen-lamp/power=true"],
    ["Kitchen-Lamp on", "kitchen-lamp/power=true"],
    ["on kitchen lamp", "kitchen-lamp/power=true"],
    ["turn the kitchen lamp on", "kitchen-lamp/power=true"],
    ["please turn off the kitchen lamp", "kitchen-lamp/power=false"],
    ["40 % kitchen lamp", "kitchen-lamp/brightness=40"],
    ["kitchen lamp brightness 60", "kitchen-lamp/brightness=60"],
    ["set kitchen lamp brightness 60", "kitchen-lamp/brightness=60"],
    ["set thermostat 22", "thermostat/target-temperature=22"],
    ["kitchen blind 30%", "kitchen-blind/position=30"],
    ["close blind", "kitchen-blind/position=0"],
    ["guest room lamp on", "guest-lamp/power=true"],
    ["bed-lamp on", "bed-lamp/power=true"],
    ["panel: message: 07:30", "panel/message=07:30"],
    ["press bell", "bell/ring=press"],
  ])("by %j", async (text, done) => {
    const house = new TalkingHouse();
    await house.say(text);
    expect(house.done).toEqual([done]);
  });

  test("the longest name wins: a lamp in the kitchen is not the kitchen", async () => {
    const house = new TalkingHouse();
    expect(await house.say("kitchen lamp off")).toBe("Kitchen lamp is off.");
    expect(house.done).toEqual(["kitchen-lamp/power=false"]);
  });

  test("a colon comes before a command in front, and that before a command behind", async () => {
    const house = new TalkingHouse();
    house.gateway.setDevice(aDevice({ id: "on-air", label: "On air" }));
    house.gateway.setDevice(aDevice({ id: "air", label: "Air" }));
    await house.say("on air: off");
    await house.say("on air");
    expect(house.done).toEqual(["on-air/power=false", "air/power=true"]);
  });

  test("a tie is listed, and nothing is done", async () => {
    const house = new TalkingHouse();
    expect(await house.say("lamp on")).toBe(
      '"lamp" could be Bedroom Lamp (bed-lamp) or Guest room Lamp (guest-lamp); nothing was done. Say for example "bed-lamp on".',
    );
    expect(house.done).toEqual([]);
  });

  test("a device and a room of one name are told apart by one word more", async () => {
    const house = new TalkingHouse();
    house.gateway.setDevice(aDevice({ id: "hall", label: "Hall" }));
    expect(await house.say("hall on")).toBe(
      '"hall" could be Hall (device hall) or Hall (room Hall); nothing was done. Say for example "device hall on".',
    );
    await house.say("device hall on");
    await house.say("room hall off");
    expect(house.done).toEqual(["hall/power=true", "hall-lamp/power=false"]);
  });

  test("a name that someone gave comes before a word for a class", async () => {
    const house = new TalkingHouse();
    house.gateway.setDevice(aDevice({ id: "odd", label: "Light", room: "Attic" }));
    await house.say("light on");
    expect(house.done).toEqual(["odd/power=true"]);
  });
});

describe("what is not understood", () => {
  test.each([
    ["kitchn lamp on", 'I do not know "kitchn lamp". Did you mean "Kitchen lamp"?'],
    ["off thermostt", 'I do not know "thermostt". Did you mean "Thermostat"?'],
    ["kitchen lamp onn", 'I do not know "onn". Did you mean "on"?'],
    ["liste", 'I do not know "liste". Did you mean "list"?'],
    ["status kitchin", 'I do not know "kitchin". Did you mean "Kitchen"?'],
    ["status nirvana", 'I do not know "nirvana". "list" shows what there is.'],
    [
      "good morning",
      'I do not understand "good morning". "help" says what to write, "list" shows the devices.',
    ],
    ["on", 'Which device should that be? Say for example "Hall lamp on".'],
  ])("%j gets the nearest help", async (text, answer) => {
    const house = new TalkingHouse();
    expect(await house.say(text)).toBe(answer);
    expect(house.done).toEqual([]);
  });
});

test("list shows devices by room with address and state, and how to have them as contacts", async () => {
  const house = new TalkingHouse();
  house.gateway.report("kitchen-lamp", { power: true, brightness: 40 });
  house.gateway.setAvailability("oven", "offline", { since: Date.now() - 600_000 });
  expect(await house.say("list kitchen")).toBe(
    [
      "Kitchen:",
      "- Blind (kitchen-blind@iot.example.org): nothing reported yet",
      "- Kitchen lamp (kitchen-lamp@iot.example.org): on · 40 %",
      "- Oven (oven@iot.example.org): offline for 10 min",
      "",
      'To have a device in your contacts, say "add DEVICE", or add its address there.',
    ].join("\n"),
  );
  const all = (await house.say("list"))?.split("\n");
  expect(all?.filter((line) => line.endsWith(":"))).toEqual([
    "Bedroom:",
    "Guest room:",
    "Hall:",
    "Kitchen:",
    "Living room:",
    "Elsewhere:",
  ]);
});

test("a list of very many devices is cut, and says how to see the rest", async () => {
  const house = new TalkingHouse();
  for (let n = 0; n < 150; n += 1)
    house.gateway.setDevice(aDevice({ id: `d${n}`, label: `D${n}`, room: "Attic" }));
  const lines = (await house.say("list"))?.split("\n") ?? [];
  expect(lines.length).toBeLessThan(110);
  expect(lines.join("\n")).toMatch(/\.\.\. and \d+ more\n\nWrite "list ROOM" for one room\./);
});

test("status says what is on, open and away; with a name, how that is", async () => {
  const house = new TalkingHouse();
  house.gateway.report("kitchen-lamp", { power: true });
  house.gateway.report("hall-lamp", { power: true }, "stale", Date.now() - 60_000);
  house.gateway.report("front-door", { lock: "unlocked" });
  house.gateway.setAvailability("bed-lamp", "offline");
  expect(await house.say("status")).toBe(
    "Our house: 12 devices, 11 reachable.\nUnlocked: Front door.\nOn: Kitchen lamp.\nOffline: Bedroom Lamp.",
  );
  expect(await house.say("status hall")).toBe("Front door: unlocked\nHall lamp: last known on, 1 min ago");
  expect(await house.say("hall lamp")).toBe("Hall lamp: last known on, 1 min ago");
});

test("help speaks with names of this house, and help for a device is the device's own", async () => {
  const house = new TalkingHouse();
  expect(await house.say("help")).toContain(
    '- a device and a command: "Hall lamp on", "on Hall lamp" or "Hall lamp: on"',
  );
  expect(await house.say("help bell")).toContain("Bell understands:");
  expect(await house.say("bell help")).toContain("Bell understands:");
});

test("who may see nothing is shown nothing", async () => {
  const house = new TalkingHouse();
  house.gateway.allows = () => false;
  expect(await house.say("list")).toBe("There are no devices yet.");
  expect(await house.say("kitchen lamp on")).not.toContain("Kitchen lamp is");
  expect(house.done).toEqual([]);
});

describe("add", () => {
  test.each([
    ["add oven", undefined, "Oven is in your contacts now."],
    ["Add the kitchen", undefined, "3 devices are in your contacts now."],
    ["add home", undefined, "The house is in your contacts now."],
    ["add everything", undefined, "The house and 12 devices are in your contacts now."],
    ["add oven", new Set<string>(), "Oven is in your contacts already."],
    ["add all lights", new Set(["oven"]), "5 devices are in your contacts now."],
    ["add oven", "unable", "Your server does not let me do that. Add oven@iot.example.org in your client."],
    [
      "add kitchen",
      "unable",
      'Your server does not let me do that. Add the addresses in your client; "list" shows them.',
    ],
    [
      "add oven",
      "failed",
      "That did not work; the log of the gateway says why. Add oven@iot.example.org in your client.",
    ],
    ["add", undefined, 'Which device should that be? Say for example "add Hall lamp".'],
    ["add ovn", undefined, 'I do not know "ovn". Did you mean "Oven"?'],
  ] as const)("%j, which becomes %j, is answered %j", async (text, welcome, answer) => {
    const house = new TalkingHouse();
    house.welcome = welcome;
    expect(await house.say(text)).toBe(answer);
  });
});

test.each([
  "thermostat 70°F",
  "thermostat: 70 °F",
  "70°F thermostat",
  "70 °F thermostat",
  "set thermostat target temperature 70 F",
])("a unit may be said to the house, too: %s", async (text) => {
  const house = new TalkingHouse();
  expect(await house.say(text)).toBe("Thermostat is 21 °C.");
});

test("a unit is no command for several devices but per cent", async () => {
  const house = new TalkingHouse();
  expect(await house.say("lights 70°F")).toMatch(/^For several devices at once \(the lights\), I understand/);
  expect(house.done).toEqual([]);
});
