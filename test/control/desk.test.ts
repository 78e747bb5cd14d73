import { expect, test } from "vitest";
import { ControlDesk } from "../../src/control/desk.js";
import type { Device } from "../../src/core/device.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

const lamp = aDevice();
const door = aDevice({
  id: "front-door",
  label: "Front door",
  class: "lock",
  channels: { lock: { value: { kind: "lock" } }, battery: { value: { kind: "level" }, writable: false } },
});

function aDesk(...devices: readonly Device[]) {
  const { house, adapter, sink } = aHouse(...devices);
  const desk = new ControlDesk({
    gateway: house,
    tokens: { create: async () => "t0ken", list: () => [], revoke: async () => false },
    locale: { units: "imperial", decimal: ".", timeZone: "UTC" },
    invite: async () => {
      throw new Error("nobody is invited here");
    },
    deviceJson: ({ device: { id, label }, availability: { status } }) => ({
      id,
      label,
      room: null,
      availability: { status },
    }),
    lineOf: ({ state }) => `power ${state("power")?.value}`,
    sentenceOf: ({ receipt }, { device }) => `${device.label}: ${receipt}.`,
    deedOf: ({ device }, _, value) => `${value} ${device.label}`,
  });
  return { desk, adapter, sink };
}

function send(device: string, channel: string, value: string, confirm?: string) {
  return { do: "send", device, channel, value, ...(confirm === undefined ? {} : { confirm }) } as const;
}

test("lists the devices, and a line for each", async () => {
  const { desk, sink } = aDesk(lamp, door);
  sink.report("kitchen-lamp", { power: true });
  expect(await desk.answer({ do: "devices" })).toEqual({
    devices: [
      { id: "front-door", label: "Front door", room: null, availability: { status: "unknown" } },
      { id: "kitchen-lamp", label: "Kitchen lamp", room: null, availability: { status: "online" } },
    ],
    lines: { "front-door": "power undefined", "kitchen-lamp": "power true" },
  });
});

test("a command ends when the device has confirmed it, with its receipt and a sentence", async () => {
  const { desk, adapter, sink } = aDesk(lamp);
  adapter.takes = async ({ value }) => {
    sink.report("kitchen-lamp", { power: value });
  };
  expect(await desk.answer(send("kitchen-lamp", "power", "on"))).toEqual({
    receipt: expect.objectContaining({ receipt: "confirmed", value: true, device: "kitchen-lamp" }),
    sentence: "Kitchen lamp: confirmed.",
  });
});

test("a number without a unit is in the one that the house is shown", async () => {
  const { desk, adapter, sink } = aDesk(
    aDevice({ channels: { target: { value: { kind: "number", unit: "°C", min: 5, max: 30, step: 0.5 } } } }),
  );
  adapter.takes = async ({ value }) => {
    sink.report("kitchen-lamp", { target: value });
  };
  expect(await desk.answer(send("kitchen-lamp", "target", "70"))).toMatchObject({
    receipt: { receipt: "confirmed", value: 21 },
  });
});

test("a hazard is answered with its code, and done with it", async () => {
  const { desk, adapter, sink } = aDesk(door);
  adapter.takes = async () => {
    sink.report("front-door", { lock: "unlocked" });
  };
  const asked = await desk.answer(send("front-door", "lock", "unlock"));
  expect(asked).toMatchObject({
    receipt: { receipt: "refused", code: "confirmation-required", confirm: expect.stringMatching(/^\d{4}$/) },
    deed: "unlock Front door",
  });
  expect(adapter.sent).toEqual([]);
  const code = "receipt" in asked ? asked.receipt.confirm : undefined;
  expect(await desk.answer(send("front-door", "lock", "unlock", code))).toMatchObject({
    receipt: { receipt: "confirmed" },
  });
});

test.each([
  [
    "kitchen-lmap",
    "power",
    "device-unknown",
    'There is no device "kitchen-lmap". Did you mean kitchen-lamp?',
  ],
  [
    "Kitchen lamp",
    "power",
    "device-unknown",
    'There is no device "Kitchen lamp". Did you mean kitchen-lamp?',
  ],
  ["zzz", "power", "device-unknown", 'There is no device "zzz". `homeroster devices` lists them.'],
  [
    "front-door",
    "lok",
    "channel-unknown",
    'Front door has no channel "lok"; it has lock, battery. Did you mean lock?',
  ],
])("of %s and %s it says what was meant", async (device, channel, code, message) => {
  const { desk } = aDesk(lamp, door);
  await expect(desk.answer(send(device, channel, "on"))).rejects.toMatchObject({ code, message });
});

test("tokens are the business of their book", async () => {
  const { desk } = aDesk();
  expect(await desk.answer({ do: "token-create", name: "phone", role: "viewer" })).toEqual({
    token: "t0ken",
  });
  expect(await desk.answer({ do: "token-list" })).toEqual({ tokens: [] });
});
