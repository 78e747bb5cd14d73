import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { machineLocale } from "../../src/core/locale.js";
import { contactCaps } from "../../src/xmpp/disco.js";
import { Presence } from "../../src/xmpp/presence.js";
import { aHouse } from "../support/a-house.js";
import { aDevice } from "../support/fake-device.js";
import { FakeLink } from "../support/fake-link.js";

const weather = aDevice({
  id: "weather",
  label: "Weather",
  class: "sensor",
  channels: {
    temperature: { value: { kind: "number", unit: "°C" }, writable: false },
    rain: { value: { kind: "contact", words: "wet/dry" }, writable: false },
  },
});
const ids = ["weather"];

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => vi.useRealTimers());

function aPresence(locale = machineLocale) {
  const { house, sink } = aHouse(weather);
  const link = new FakeLink();
  const presence = new Presence({
    link,
    view: (id) => house.device("face", id),
    seers: () => ["alice@example.org"],
    caps: contactCaps,
    locale,
    every: 30_000,
  });
  house.on("state", (event) => presence.onState(event));
  house.on("availability", ({ device }) => presence.announce(device.id));
  return { house, sink, link, presence };
}

/** What a stanza says to people. */
function shown(stanza: string): { type?: string; show?: string; status: string } {
  const type = / type="(\w+)"/.exec(stanza)?.[1];
  const show = /<show>(\w+)</.exec(stanza)?.[1];
  const status = /<status>(.*?)</.exec(stanza)?.[1] ?? "";
  return { ...(type && { type }), ...(show && { show }), status };
}

test("a device that was never heard of is extended away, with caps and nick", () => {
  const { presence, link } = aPresence();
  presence.announceAll(ids);
  const [stanza = ""] = link.take();
  expect(stanza).toContain('from="weather@iot.example.org/device" to="alice@example.org"');
  expect(stanza).toContain('<nick xmlns="http://jabber.org/protocol/nick">Weather</nick>');
  expect(stanza).toContain('<c xmlns="http://jabber.org/protocol/caps" hash="sha-1"');
  expect(stanza).toContain('<idle xmlns="urn:xmpp:idle:1" since="2026-01-01T00:00:00.000Z"/>');
  expect(shown(stanza).show).toBe("xa");
});

test("live values make it plainly available, a broken link unavailable, the link's return extended away", () => {
  const { sink, link } = aPresence();
  sink.link("online");
  sink.report("weather", { temperature: 21.4, rain: "dry" });
  expect(shown(link.take().at(-1) ?? "")).toEqual({ status: "21.4 °C · rain dry" });
  sink.link("offline", "refused");
  expect(shown(link.take().at(-1) ?? "")).toMatchObject({ type: "unavailable" });
  sink.link("online");
  expect(shown(link.take().at(-1) ?? "")).toMatchObject({ show: "xa" });
});

test("numbers have the unit and the decimal sign of the house", () => {
  const { sink, link } = aPresence({ ...machineLocale, units: "imperial" });
  sink.report("weather", { temperature: 21.4 });
  expect(shown(link.take().at(-1) ?? "").status).toBe("70.5 °F");
  const german = aPresence({ ...machineLocale, decimal: "," });
  german.sink.report("weather", { temperature: 21.4 });
  expect(shown(german.link.take().at(-1) ?? "").status).toBe("21,4 °C");
});

test("a switch that flaps is told at once, then once a second, with where it ended", () => {
  const { sink, link } = aPresence();
  sink.report("weather", { temperature: 20, rain: "dry" });
  vi.advanceTimersByTime(1_000);
  link.take();
  for (let flap = 0; flap < 101; flap += 1) sink.report("weather", { rain: flap % 2 === 0 ? "wet" : "dry" });
  sink.report("weather", { rain: "dry" });
  expect(link.take().map(shown)).toEqual([{ status: "20 °C · rain wet" }]);
  vi.advanceTimersByTime(1_000);
  expect(link.take().map(shown)).toEqual([{ status: "20 °C · rain dry" }]);
});

test("a discrete change goes out at once, drifting numbers at most every presenceEvery", () => {
  const { sink, link } = aPresence();
  sink.report("weather", { temperature: 20, rain: "dry" });
  vi.advanceTimersByTime(1_000);
  link.take();
  sink.report("weather", { temperature: 21 });
  expect(link.take()).toHaveLength(1);
  sink.report("weather", { temperature: 22 });
  sink.report("weather", { temperature: 23 });
  expect(link.take()).toHaveLength(0);
  sink.report("weather", { rain: "wet" });
  expect(link.take().map(shown)).toEqual([{ status: "23 °C · rain wet" }]);
  sink.report("weather", { temperature: 24 });
  vi.advanceTimersByTime(30_000);
  expect(link.take().map(shown)).toEqual([{ status: "24 °C · rain wet" }]);
});

test("what shows nothing new is not sent", () => {
  const { sink, link } = aPresence();
  sink.report("weather", { temperature: 20.001, rain: "dry" });
  link.take();
  sink.report("weather", { temperature: 20.002 });
  expect(link.take()).toEqual([]);
});

test("while the link is busy only the newest state waits, and is told once", () => {
  const { sink, link } = aPresence();
  link.isWritable = false;
  for (const rain of ["wet", "dry", "wet"]) sink.report("weather", { temperature: 20, rain });
  expect(link.take()).toEqual([]);
  link.isWritable = true;
  link.emit("writable");
  expect(link.take().map(shown)).toEqual([{ status: "20 °C · rain wet" }]);
});

test("who asks while the link is busy is told once, when it has room", () => {
  const { sink, link, presence } = aPresence();
  sink.report("weather", { temperature: 20, rain: "dry" });
  link.take();
  link.isWritable = false;
  presence.tell("weather", "bob@example.org/phone");
  presence.tell("weather", "bob@example.org/phone");
  expect(link.take()).toEqual([]);
  link.isWritable = true;
  link.emit("writable");
  const told = link.take();
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('to="bob@example.org/phone"');
});

test("after a reconnect everything is told again", () => {
  const { sink, link, presence } = aPresence();
  sink.report("weather", { temperature: 20, rain: "dry" });
  link.take();
  presence.announce("weather");
  expect(link.take()).toEqual([]);
  presence.announceAll(ids);
  expect(link.take()).toHaveLength(1);
});

test("what comes after all were told waits for the link to take the last of them, whoever changes meanwhile", () => {
  const { house, sink, link, presence } = aPresence();
  house.put(aDevice({ id: "box" }));
  link.take();
  const order: string[] = [];
  link.isWritable = false;
  presence.announceAll(["weather", "box"], () => order.push(`after ${link.sent.length}`));
  sink.report("weather", { temperature: 20, rain: "dry" });
  expect(order).toEqual([]);
  link.isWritable = true;
  link.emit("writable");
  expect(order).toEqual(["after 2"]);
});

test("a device that goes before it was told again keeps nothing waiting, and a house without devices neither", () => {
  const { link, presence } = aPresence();
  let count = 0;
  presence.announceAll([], () => {
    count += 1;
  });
  expect(count).toBe(1);
  link.isWritable = false;
  presence.announceAll(ids, () => {
    count += 1;
  });
  presence.withdraw("weather", "gone");
  expect(count).toBe(2);
});

test.each([
  ["away with a low battery", { battery: { value: { kind: "level" } } }, { battery: 9 }, "other", "away"],
  ["do not disturb in alarm", { smoke: { value: { kind: "switch" } } }, { smoke: true }, "alarm", "dnd"],
  ["no alarm, plainly there", { smoke: { value: { kind: "switch" } } }, { smoke: false }, "alarm", undefined],
] as const)("%s", (_, channels, readings, deviceClass, show) => {
  const { house, sink, link, presence } = aPresence();
  house.put(aDevice({ id: "box", class: deviceClass, channels }));
  sink.report("box", readings);
  link.take();
  presence.announceAll(["box"]);
  expect(shown(link.take()[0] ?? "").show).toBe(show);
});

test("what only sends events is plainly there once it was heard, for it holds nothing to be unknown", () => {
  const { house, sink, link, presence } = aPresence();
  house.put(aDevice({ id: "bell", channels: { bell: { value: { kind: "event" }, writable: false } } }));
  presence.announceAll(["bell"]);
  expect(shown(link.take().at(-1) ?? "").show).toBe("xa");
  sink.event("bell", "bell", { type: "ring" });
  presence.announceAll(["bell"]);
  expect(shown(link.take().at(-1) ?? "")).toEqual({ status: "online" });
});
