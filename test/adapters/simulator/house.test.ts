import { expect, test } from "vitest";
import { house } from "../../../adapters/simulator/house.js";
import { idPattern } from "../../../src/core/device.js";
import type { ValueKind } from "../../../src/core/value.js";

const devices = Object.values(house);

test("it has about a dozen devices in five rooms, each with a label of its own", () => {
  expect(devices.length).toBeGreaterThanOrEqual(12);
  expect(devices.length).toBeLessThanOrEqual(15);
  expect(new Set(devices.map((device) => device.room)).size).toBe(5);
  expect(new Set(devices.map((device) => device.label)).size).toBe(devices.length);
});

test("it has every kind of value", () => {
  const kinds = {
    switch: true,
    contact: true,
    level: true,
    color: true,
    cover: true,
    number: true,
    text: true,
    choice: true,
    lock: true,
    datetime: true,
    location: true,
    image: true,
    button: true,
    event: true,
  } satisfies Record<ValueKind, true>;
  const present = devices.flatMap(({ channels }) => Object.values(channels).map(({ value }) => value.kind));

  expect(new Set(present)).toEqual(new Set(Object.keys(kinds)));
});

test("ids are ids, and the main channel is one of the device", () => {
  for (const [id, { main, channels }] of Object.entries(house)) {
    for (const each of [id, ...Object.keys(channels)]) expect(each).toMatch(idPattern);
    expect(Object.keys(channels)).toContain(main);
  }
});
