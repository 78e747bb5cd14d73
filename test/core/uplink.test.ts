import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { GatewayEvents } from "../../src/core/events.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";

const weather = aDevice({
  id: "weather",
  label: "Weather",
  class: "sensor",
  channels: {
    temperature: { value: { kind: "number", unit: "°C" }, writable: false },
    rain: { value: { kind: "contact", words: "wet/dry" }, writable: false, staleAfter: 120_000 },
    bell: { value: { kind: "event" }, writable: false, readable: false },
  },
});

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => vi.useRealTimers());

function aWeatherHouse() {
  const { house, sink } = aHouse(weather);
  const states: GatewayEvents["state"][] = [];
  house.on("state", (event) => states.push(event));
  const view = house.device("alice", "weather");
  if (view === undefined) throw new Error("no weather");
  return { house, sink, states, view };
}

test("tells one message of several values in one event", () => {
  const { sink, states } = aWeatherHouse();
  sink.report("weather", { temperature: "21,5", rain: "wet" });
  expect(states).toHaveLength(1);
  expect(Object.fromEntries(states[0]?.states ?? [])).toEqual({
    temperature: { value: 21.5, quality: "live", at: Date.now(), seq: 2 },
    rain: { value: true, quality: "live", at: Date.now(), seq: 3 },
  });
});

test("keeps silent about a repeated value, and remembers that it was observed again", () => {
  const { sink, states, view } = aWeatherHouse();
  sink.report("weather", { temperature: 20 });
  vi.advanceTimersByTime(1000);
  sink.report("weather", { temperature: 20.0 });
  expect(states).toHaveLength(1);
  expect(view.state("temperature")).toMatchObject({ seq: 2, at: Date.now() });
});

test("one bad value loses only itself", () => {
  const { sink, view } = aWeatherHouse();
  sink.report("weather", { temperature: "warm", rain: "dry", wind: 3 });
  expect(view.state("temperature")).toBeUndefined();
  expect(view.state("rain")?.value).toBe(false);
});

test("a live report brings a device of unknown availability online, a retained one does not", () => {
  const { sink, view } = aWeatherHouse();
  expect(view.availability).toMatchObject({ status: "unknown", detail: "not-seen-yet" });
  sink.report("weather", { temperature: 20 }, "retained");
  expect(view.availability.status).toBe("unknown");
  expect(view.state("temperature")?.quality).toBe("stale");
  sink.report("weather", { temperature: 20 });
  expect(view.availability.status).toBe("online");
  expect(view.state("temperature")?.quality).toBe("live");
});

test("when the adapter's link breaks and returns, values are unavailable, then stale, then live", () => {
  const { sink, view } = aWeatherHouse();
  sink.link("online");
  sink.report("weather", { temperature: 20 });
  sink.link("offline", "connection refused");
  expect(view.availability).toMatchObject({
    status: "offline",
    detail: "adapter-offline",
    text: 'The link "house" is down: connection refused.',
  });
  expect(view.state("temperature")?.quality).toBe("unavailable");
  sink.link("online");
  expect(view.availability.status).toBe("unknown");
  expect(view.state("temperature")?.quality).toBe("stale");
  sink.report("weather", { temperature: 20 }, "retained");
  expect(view.state("temperature")?.quality).toBe("stale");
  sink.report("weather", { temperature: 20 });
  expect(view.state("temperature")?.quality).toBe("live");
});

test("a repeat of a retained value keeps the time of its first observation", () => {
  const { sink, view } = aWeatherHouse();
  sink.report("weather", { temperature: 20 });
  const observed = Date.now();
  sink.link("offline");
  vi.advanceTimersByTime(60_000);
  sink.link("online");
  sink.report("weather", { temperature: 20 }, "retained");
  expect(view.state("temperature")).toMatchObject({ quality: "stale", at: observed });
});

test("a value that nobody repeats within staleAfter becomes stale", async () => {
  const { house, sink, view } = aWeatherHouse();
  await house.start();
  sink.report("weather", { temperature: 20, rain: "dry" });
  vi.advanceTimersByTime(4 * 60_000);
  expect(view.state("rain")?.quality).toBe("stale");
  expect(view.state("temperature")?.quality).toBe("live");
  await house.stop();
});

test("an event gets an id of its own, made of epoch and sequence", () => {
  const { house, sink } = aWeatherHouse();
  const ids: string[] = [];
  house.on("event", ({ id }) => ids.push(id));
  sink.event("weather", "bell", { type: "ring" });
  sink.event("weather", "bell", { type: "ring" });
  sink.event("weather", "temperature", { type: "no event channel" });
  // Between them it became available, which is told, too.
  expect(ids).toEqual(["3-2", "3-4"]);
});

test("an adapter cannot speak for a device of another one", () => {
  const { house, sink, view } = aWeatherHouse();
  house.put({ ...weather, adapter: "other" });
  sink.report("weather", { temperature: 20 });
  expect(view.state("temperature")).toBeUndefined();
});

test("one listener's exception stops nobody else", () => {
  const { house, sink, states } = aWeatherHouse();
  house.on("state", () => {
    throw new Error("broken");
  });
  const after: unknown[] = [];
  house.on("state", (event) => after.push(event));
  sink.report("weather", { temperature: 20 });
  expect([states.length, after.length]).toEqual([1, 1]);
});

test("a channel that becomes another kind forgets what it said", () => {
  const { house, sink, view } = aWeatherHouse();
  sink.report("weather", { temperature: 20, rain: "dry" });
  house.put(aDevice({ id: "weather", channels: { temperature: { value: { kind: "text" } } } }));
  expect(view.state("temperature")).toBeUndefined();
  house.put(weather);
  expect(view.state("rain")).toBeUndefined();
});

test("an event brings a device of unknown availability online, for it was heard", () => {
  const { sink, view } = aWeatherHouse();
  sink.event("weather", "bell", { type: "ring" });
  expect(view.availability.status).toBe("online");
});
