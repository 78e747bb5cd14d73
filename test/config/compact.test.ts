import { expect, test } from "vitest";
import { Compact } from "../../src/config/compact.js";
import { aDevice } from "../support/fake-device.js";

const channels = (state: string) => ({
  power: { value: { kind: "switch" } as const, address: { state, on: "ON" } },
});

test("devices whose channels are alike have one object of them in common", () => {
  const compact = new Compact();
  const [one, two, other] = [
    aDevice({ id: "one", channels: channels("{topic}/POWER") }),
    aDevice({ id: "two", room: "Hall", channels: channels("{topic}/POWER") }),
    aDevice({ id: "other", channels: channels("{topic}/POWER2") }),
  ];
  const made = [one, two, other].map((device) => compact.device(device));
  expect(made).toEqual([one, two, other]);
  expect(made[1]?.channels).toBe(made[0]?.channels);
  expect(made[2]?.channels).not.toBe(made[0]?.channels);
});

test("what JSON cannot say is kept as it is", () => {
  const address = { every: Number.POSITIVE_INFINITY, nothing: undefined };
  const channel = { power: { value: { kind: "switch" } as const, address: { off: Number.NaN } } };
  const device = aDevice({ address, channels: channel });
  expect(new Compact().device(device)).toEqual(device);
});
