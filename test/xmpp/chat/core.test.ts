import { expect, test } from "vitest";
import type { Device } from "../../../src/core/device.js";
import { machineLocale } from "../../../src/core/locale.js";
import { createChat } from "../../../src/xmpp/chat/chat.js";
import { aHouse } from "../../support/a-house.js";
import { aDevice } from "../../support/fake-device.js";

const alice = "alice@example.org";

/** A chat over the real core, whose devices do at once what they are told. */
function aChat(devices: readonly Device[], locale = machineLocale) {
  const { house, adapter, sink } = aHouse(...devices);
  adapter.takes = async ({ device, channel, value }) => {
    const reached = value === "unlock" ? "unlocked" : value;
    queueMicrotask(() => sink.report(device, { [channel]: reached }));
  };
  const jidOf = (id: string): string => `${id}@iot.example.org`;
  return {
    adapter,
    sink,
    chat: createChat({
      gateway: house,
      home: { name: "Home", locale },
      groups: () => [],
      jidOf,
      contacts: { add: async () => "unable" },
    }),
  };
}

test("a lock opens by the code that the core gave, once", async () => {
  const door = aDevice({
    id: "front-door",
    label: "Front door",
    class: "lock",
    channels: { lock: { value: { kind: "lock" } } },
  });
  const { adapter, chat } = aChat([door]);

  const question = await chat.toDevice(alice, "front-door", "unlock", { id: "m1" });
  expect(question).toMatch(/^Unlock Front door\? Reply "yes \d{4}" within 30 s\.$/);
  expect(adapter.sent).toEqual([]);

  const [yes = ""] = /yes \d{4}/.exec(question ?? "") ?? [];
  expect(await chat.toHouse(alice, yes, { id: "m2" })).toBe("Front door is unlocked.");
  expect(adapter.sent.map(({ value }) => value)).toEqual(["unlock"]);
  expect(await chat.toHouse(alice, yes, { id: "m3" })).toMatch(/used already/);
});

test("one message switches every light, each under an id of its own", async () => {
  const { adapter, chat } = aChat([aDevice(), aDevice({ id: "hall-lamp", label: "Hall lamp" })]);
  expect(await chat.toHouse(alice, "lights on", { id: "m1" })).toBe("2 lights are on.");
  expect(adapter.sent).toHaveLength(2);
});

test("who may only look is told so", async () => {
  const { adapter, chat } = aChat([aDevice()]);
  expect(await chat.toDevice("vera@example.org", "kitchen-lamp", "on")).toBe(
    "You may see Kitchen lamp, but not operate it.",
  );
  expect(adapter.sent).toEqual([]);
});

test("what an imperial house says goes to the device in its own unit, and is confirmed by it", async () => {
  const setPoint = { kind: "number", unit: "°C", min: 5, max: 30, step: 0.5 } as const;
  const thermostat = aDevice({
    id: "thermostat",
    label: "Thermostat",
    class: "climate",
    channels: {
      "target-temperature": { value: setPoint },
      boost: { value: { kind: "number", unit: "°C" }, risk: "hazard" },
      until: { value: { kind: "datetime" } },
    },
  });
  const imperial = { units: "imperial", decimal: ".", timeZone: "America/New_York" } as const;
  const { adapter, chat } = aChat([thermostat], imperial);
  const tell = (text: string) => chat.toDevice(alice, "thermostat", text);

  expect(await tell("72")).toBe("Thermostat is 71.6 °F.");
  expect(await tell("+2")).toBe("Thermostat is 73.4 °F.");
  expect(await tell("until 2026-11-22 09:00")).toBe("Thermostat: until is 2026-11-22 09:00.");
  const question = (await tell("boost 70")) ?? "";
  expect(question).toMatch(/^Set Thermostat \(boost\) to 70 °F\? /);
  expect(await tell(/yes \d{4}/.exec(question)?.[0] ?? "")).toBe("Thermostat: boost is 70 °F.");
  expect(adapter.sent.map(({ value }) => value)).toEqual([22, 23, "2026-11-22T14:00:00Z", 21.1]);
});
