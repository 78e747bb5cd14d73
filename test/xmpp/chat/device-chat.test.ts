import { describe, expect, test } from "vitest";
import { TalkingHouse } from "./talking-house.js";

/** One device, told one thing after another: what it is told, what it answers. */
async function transcript(
  device: string,
  texts: readonly string[],
  house = new TalkingHouse(),
): Promise<string[]> {
  const lines: string[] = [];
  for (const text of texts) lines.push(`> ${text}`, String(await house.tell(device, text)));
  return lines;
}

function aLitHouse(): TalkingHouse {
  const house = new TalkingHouse();
  house.gateway.report("kitchen-lamp", { power: true, brightness: 40, color: "#ff8800" });
  return house;
}

describe("a word alone", () => {
  test("goes to the main channel", async () => {
    expect(await transcript("kitchen-lamp", ["on", "OFF!", "toggle"])).toEqual([
      "> on",
      "Kitchen lamp is on.",
      "> OFF!",
      "Kitchen lamp is off.",
      "> toggle",
      "Kitchen lamp is on.",
    ]);
  });

  test("goes to the only channel that takes it where the main one does not", async () => {
    expect(await transcript("kitchen-lamp", ["40%", "40 %", "+10", "red"])).toEqual([
      "> 40%",
      "Kitchen lamp: brightness is 40 %.",
      "> 40 %",
      "Kitchen lamp: brightness is 40 %.",
      "> +10",
      "Kitchen lamp: brightness is 50 %.",
      "> red",
      "Kitchen lamp: color is #ff0000 (red).",
    ]);
  });

  test("asks which channel is meant where several take it, and does nothing", async () => {
    const house = new TalkingHouse();
    expect(await house.tell("panel", "40%")).toBe('Which one: volume or tone? Say for example "volume 40%".');
    expect(house.done).toEqual([]);
  });

  test("opens, stops, closes and places a blind", async () => {
    expect(await transcript("kitchen-blind", ["open", "close", "70%", "stop"])).toEqual([
      "> open",
      "Blind is open.",
      "> close",
      "Blind is closed.",
      "> 70%",
      "Blind is 70 % open.",
      "> stop",
      "Blind has stopped: 70 % open.",
    ]);
  });

  test("presses a button, which never reports back", async () => {
    expect(await transcript("bell", ["press", "ring press", "Ring"])).toEqual([
      "> press",
      "Sent to Bell; it does not report back.",
      "> ring press",
      "Sent to Bell; it does not report back.",
      "> Ring",
      "Sent to Bell; it does not report back.",
    ]);
  });

  test.each(["ring?", "ring ?", "Ring?!", "ring:", "set ring", "status ring", "ring status"])(
    "%s presses nothing",
    async (text) => {
      const house = new TalkingHouse();
      await house.tell("bell", text);
      await house.say(`bell ${text}`);
      expect(house.gateway.executed).toEqual([]);
    },
  );

  test("may be an option, in whatever case", async () => {
    expect(await transcript("thermostat", ["Cool", "21,5", "off"])).toEqual([
      "> Cool",
      "Thermostat: mode is cool.",
      "> 21,5",
      "Thermostat is 21.5 °C.",
      "> off",
      "Thermostat: mode is off.",
    ]);
  });

  test("that no channel takes is answered with what they take", async () => {
    expect(await transcript("kitchen-lamp", ["open"])).toEqual([
      "> open",
      'Kitchen lamp does not take "open": power takes on, off or toggle.',
    ]);
    expect(await transcript("porch", ["on"])).toEqual([
      "> on",
      'Porch can only be read; it does not take "on".',
    ]);
  });
});

describe("a channel", () => {
  test("alone is asked for its state", async () => {
    expect(await transcript("kitchen-lamp", ["Brightness", "status color", "power?"], aLitHouse())).toEqual([
      "> Brightness",
      "Kitchen lamp: brightness is 40 %.",
      "> status color",
      "Kitchen lamp: color is #ff8800.",
      "> power?",
      "Kitchen lamp: power is on.",
    ]);
  });

  test("with a value is set, by id or label, with or without set, colon and full stop", async () => {
    const texts = [
      "target-temperature 20",
      "set target temperature 21 °C",
      "Target Temperature: 22.",
      "set the mode heat",
      "set mode HEAT",
    ];
    expect(await transcript("thermostat", texts)).toEqual([
      "> target-temperature 20",
      "Thermostat is 20 °C.",
      "> set target temperature 21 °C",
      "Thermostat is 21 °C.",
      "> Target Temperature: 22.",
      "Thermostat is 22 °C.",
      "> set the mode heat",
      'I do not understand "the mode heat". Thermostat has temperature, target temperature and mode; "help" says what to write.',
      "> set mode HEAT",
      "Thermostat: mode is heat.",
    ]);
  });

  test("of text takes the rest as it was written", async () => {
    const house = new TalkingHouse();
    expect(await house.tell("panel", "message  Dinner:  Pasta!")).toBe('Panel: message is "Dinner: Pasta!".');
    expect(house.done).toEqual(["panel/message=Dinner:  Pasta!"]);
  });

  test("that can only be read says so, before anything else", async () => {
    expect(await transcript("porch", ["temperature 4", "set temperature"])).toEqual([
      "> temperature 4",
      "Porch: temperature can only be read.",
      "> set temperature",
      "Porch: temperature can only be read.",
    ]);
  });

  test("with a wrong value is answered with the right ones", async () => {
    expect(await transcript("thermostat", ["mode foo", "22,3", "set mode"])).toEqual([
      "> mode foo",
      'Thermostat: mode: "foo" is not understood: this channel takes one of off, heat, cool.',
      "> 22,3",
      "Thermostat: 22.3 °C is between two steps, nearest 22 and 22.5: this channel takes a number from 5 to 30 °C in steps of 0.5.",
      "> set mode",
      "Set mode to what? It takes one of off, heat, cool.",
    ]);
    expect(await transcript("kitchen-lamp", ["150%"])).toEqual([
      "> 150%",
      "Kitchen lamp: brightness: 150 % is out of range: this channel takes on, off, a number from 0 to 100 % or a step such as +10.",
    ]);
  });

  test("that does not exist is answered with the nearest one, or all there are", async () => {
    expect(await transcript("kitchen-lamp", ["brigtness 40", "foo 5"])).toEqual([
      "> brigtness 40",
      'Kitchen lamp has no "brigtness". Did you mean "brightness"? It has power, brightness and color.',
      "> foo 5",
      'Kitchen lamp has no "foo". It has power, brightness and color; "help" says what to write.',
    ]);
  });
});

test("a misspelt word gets the nearest real one", async () => {
  expect(await transcript("thermostat", ["stauts", "haet"])).toEqual([
    "> stauts",
    'I do not know "stauts". Did you mean "status"?',
    "> haet",
    'I do not know "haet". Did you mean "heat"?',
  ]);
});

test("polite and whole sentences are commands, too", async () => {
  expect(await transcript("kitchen-lamp", ["please turn on", "switch off please"])).toEqual([
    "> please turn on",
    "Kitchen lamp is on.",
    "> switch off please",
    "Kitchen lamp is off.",
  ]);
});

test("status tells every channel, and how old what is not fresh is", async () => {
  const house = aLitHouse();
  house.gateway.report("kitchen-lamp", { color: "#ff0000" }, "stale", Date.now() - 3 * 3_600_000);
  expect(await house.tell("kitchen-lamp", "status")).toBe(
    [
      "Kitchen lamp: on · 40 %",
      "power: on",
      "brightness: 40 %",
      "color: last known #ff0000 (red), 3 h ago",
    ].join("\n"),
  );
  expect(await house.tell("hall-lamp", "Status?")).toBe("Hall lamp: nothing reported yet");
});

test("help lists what this device takes", async () => {
  const house = new TalkingHouse();
  expect(await house.tell("thermostat", "help")).toBe(
    [
      "Thermostat understands:",
      "- a number from 5 to 30 °C in steps of 0.5",
      "- mode and then one of off, heat, cool",
      "- temperature: what it says now",
      "- status: all that it says now",
      'The long form is "set CHANNEL VALUE", such as "set target temperature 5".',
    ].join("\n"),
  );
  expect(await house.tell("thermostat", "?")).toContain("Thermostat understands:");
});

test("a hidden device and an invented one are not here, in the same words", async () => {
  const house = new TalkingHouse();
  const invented = await house.tell("nothing", "on");
  house.gateway.removeDevice("hall-lamp");
  expect(await house.tell("hall-lamp", "on")).toBe(invented?.replace("nothing", "hall-lamp"));
});
