import { expect, test } from "vitest";
import { localeOf, machineLocale } from "../../../src/core/locale.js";
import { deviceHelp, houseHelp } from "../../../src/xmpp/chat/help.js";
import { aDevice } from "../../support/fake-device.js";
import { FakeGateway } from "../../support/fake-gateway.js";

const viewsOf = (...devices: Parameters<typeof aDevice>[0][]) =>
  new FakeGateway(devices.map((parts) => aDevice(parts))).devices("alice@example.org");

test("a house of one sensor is offered no lights, blinds, rooms or commands", () => {
  const views = viewsOf({
    id: "outside",
    label: "Outside",
    class: "sensor",
    channels: { temperature: { value: { kind: "number" }, writable: false } },
  });
  expect(houseHelp("Home", views, []).split("\n")).toEqual([
    "Home understands:",
    "- list: the devices and their addresses",
    "- status, or status Outside: what is going on",
    "- add Outside: puts it into your contacts",
    "- yes CODE and no: the answer to a question of mine",
    'What a device takes: "Outside help".',
  ]);
});

test("lights and blinds are offered by the rooms that they are in", () => {
  const blind = {
    id: "blind",
    label: "Blind",
    class: "blind",
    room: "Bedroom",
    channels: { position: { value: { kind: "cover" } } },
  } as const;
  const help = houseHelp("Home", viewsOf({ room: "Kitchen" }, blind), []);
  expect(help).toContain(
    '- a room and a command: "Kitchen off" for its lights, "Bedroom close" for its blinds',
  );
  expect(help).toContain('- all of a kind: "lights off", "all lights 40%", "blinds close"');
});

test("toggle is offered only where it can be known what it means", () => {
  const [view] = viewsOf({ channels: { power: { value: { kind: "switch" }, readable: false } } });
  if (view === undefined) throw new Error("no device");
  expect(deviceHelp(view, machineLocale)).toContain("- on or off\n");
});

test("help tells ranges and examples as the house shows and reads them", () => {
  const freezer = aDevice({
    id: "freezer",
    label: "Freezer",
    channels: {
      target: { value: { kind: "number", unit: "°C", min: -24.5, max: -15, step: 0.5 } },
      until: { value: { kind: "datetime" } },
    },
  });
  const view = new FakeGateway([freezer]).device("alice@example.org", "freezer");
  const helpFor = (language: string, units: "metric" | "imperial") =>
    view && deviceHelp(view, localeOf({ language, units, timezone: "Europe/Berlin" }));
  expect(helpFor("de", "metric")).toBe(`Freezer understands:
- a number from -24,5 to -15 °C in steps of 0,5; write a minus as =-24,5
- until and then a date and time such as 2026-11-22 08:00
- status: all that it says now
The long form is "set CHANNEL VALUE", such as "set target =-24,5".`);
  expect(helpFor("en", "imperial")).toContain("- a number from -12.1 to 5 °F; write a minus as =-12.1\n");
});
