import { expect, test } from "vitest";
import { machineLocale } from "../../../src/core/locale.js";
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
