import { expect, test } from "vitest";
import { devicesText } from "../../src/cli/devices.js";

test("is a table by room, those without one last", () => {
  const device = (id: string, label: string, room: string | null, status = "online") => ({
    id,
    label,
    room,
    availability: { status },
  });
  const text = devicesText({
    devices: [
      device("car", "Car", null),
      device("fridge", "Kühlschrank", "Kitchen", "offline"),
      device("kitchen-lamp", "Lamp", "Kitchen"),
      device("porch", "Porch", "Garden", "unknown"),
    ],
    lines: {
      car: "home",
      fridge: "since 22 Nov, 14:05",
      "kitchen-lamp": "on · 40 %",
      porch: "not heard from yet",
    },
  });
  expect(text).toBe(`Garden
  Porch        porch         unknown  not heard from yet

Kitchen
  Kühlschrank  fridge        offline  since 22 Nov, 14:05
  Lamp         kitchen-lamp  online   on · 40 %

(no room)
  Car          car           online   home
`);
});

test("an empty house is told in a sentence", () => {
  expect(devicesText({ devices: [], lines: {} })).toBe("There are no devices yet.\n");
});
