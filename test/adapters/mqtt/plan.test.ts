import { describe, expect, test } from "vitest";
import { planFor } from "../../../adapters/mqtt/plan.js";
import { readDevice, type Wiring } from "../../../adapters/mqtt/wiring.js";

type Channels = Readonly<Record<string, object>>;

interface Addresses {
  readonly address?: object;
  readonly channels: Channels;
}

function wiringOf({ address, channels }: Addresses): Wiring {
  const opened = Object.entries(channels).map(([channel, sealed]) => [
    channel,
    { value: { kind: "text" } as const, address: sealed },
  ]);
  const { wiring, problems } = readDevice({ address, channels: Object.fromEntries(opened) });
  expect(problems).toEqual([]);
  return wiring;
}

function planOf(devices: Readonly<Record<string, Addresses>>) {
  return planFor(new Map(Object.entries(devices).map(([id, device]) => [id, wiringOf(device)])));
}

/** The same wiring with topics of its own: reading addresses takes far longer than planning for them. */
function numbered({ availability, ears, voices }: Wiring, n: number): Wiring {
  const own = <Listener extends { readonly filter: string }>(listener: Listener): Listener => ({
    ...listener,
    filter: listener.filter.replace("<room>", String(n % 50)).replace("<n>", String(n)),
  });
  return { availability: availability && own(availability), ears: ears.map(own), voices };
}

const text = (state: string, more: object = {}) => ({ state, ...more });

describe("the subscription plan", () => {
  test("asks once for what many share, at the highest quality of service", () => {
    const { filters, routes } = planOf({
      inside: { channels: { temperature: text("weather"), humidity: text("weather", { qos: 2 }) } },
      outside: {
        address: { availability: { topic: "weather/online" } },
        channels: { wind: text("weather") },
      },
    });
    expect([...filters]).toEqual([
      ["weather", 2],
      ["weather/online", 0],
    ]);
    const heard = routes
      .match("weather")
      .map(({ device, ears }) => [device, ears.map(({ channel }) => channel)]);
    expect(heard).toEqual([
      ["inside", ["temperature", "humidity"]],
      ["outside", ["wind"]],
    ]);
  });

  test("leaves out what a wildcard brings anyway, and raises the wildcard to its quality", () => {
    const { filters, routes } = planOf({
      all: { channels: { any: text("home/#"), one: text("home/+/power") } },
      lamp: { channels: { power: text("home/lamp/power", { qos: 1 }), other: text("garden/lamp") } },
    });
    expect([...filters]).toEqual([
      ["home/#", 1],
      ["garden/lamp", 0],
    ]);
    expect(routes.match("home/lamp/power").map(({ device }) => device)).toEqual(["lamp", "all", "all"]);
  });

  test("holds every one of 100,000 topics and finds each device by its own", () => {
    const pattern = wiringOf({
      address: { topic: "house/<room>/<n>", availability: { topic: "{topic}/online" } },
      channels: {
        a: text("{topic}/a"),
        b: text("{topic}/b"),
        c: text("{topic}/c"),
        d: text("{topic}/d"),
        room: text("rooms/<room>/+"),
      },
    });
    const { filters, routes } = planFor(
      new Map(Array.from({ length: 20_000 }, (_, n) => [`device-${n}`, numbered(pattern, n)])),
    );
    expect(filters.size).toBe(100_000 + 50);
    for (let n = 0; n < 20_000; n += 777) {
      const [route, ...others] = routes.match(`house/${n % 50}/${n}/c`);
      expect(others).toEqual([]);
      expect(route).toMatchObject({ device: `device-${n}`, ears: [{ channel: "c" }] });
      expect(routes.match(`house/${n % 50}/${n}/online`)[0]?.availability).toBeDefined();
    }
    expect(routes.match("rooms/7/door")).toHaveLength(400);
    expect(routes.match("house/1/2/c")).toEqual([]);
  });
});
